import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { FileDrop } from "../../parts/file-drop.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import { comparesMethods, presetOf } from "../../state/selectors.ts";
import "./answer-panel.ts";
import "./result-panel.ts";
import "./run-bar.ts";
import "./setup-panel.ts";
import type { Draft } from "./draft.ts";

/**
 * A study: its document, its training, what came of it. The study of a link is shown, by `preset` or as a whole. Fires
 * `isoflop-parameters` when the study is another preset, or none.
 */
export class StudyPage extends LitElement {
	static override properties = { parameters: { attribute: false }, highlight: { state: true } };

	declare parameters: { preset?: string; study?: string };
	/** Ids of the runs under the pointer, in whichever figure or table. */
	declare highlight: readonly string[];
	private readonly lab = new Selected(this, (state) => ({
		preset: presetOf(state),
		comparesMethods: comparesMethods(state),
		isRead: state.document.plan !== null || state.document.error !== null,
		hasOwnQuestion: ![undefined, "reconcile"].includes(state.document.study.experiment),
	}));

	constructor() {
		super();
		this.parameters = {};
		this.highlight = [];
		new FileDrop(this, (files) => this.take(files));
	}

	static override styles = [
		sharedStyles,
		pageStyles,
		css`
			:host {
				--chart-height: clamp(17rem, 42vh, 30rem);
			}
			isoflop-run-bar {
				position: sticky;
				top: calc(var(--header-height) + 1px);
				z-index: 9;
				border-bottom: 1px solid var(--line);
				background: var(--surface);
			}
			/* About as high before their script is there. */
			:not(:defined) {
				display: block;
				min-height: 62rem;
			}
			isoflop-forecast-panel:not(:defined),
			isoflop-next-run-panel:not(:defined) {
				min-height: 16rem;
			}
			isoflop-kernel-panel:not(:defined) {
				min-height: 4.5rem;
			}
			.panels {
				display: grid;
				grid-template-columns: minmax(0, 27rem) minmax(0, 1fr);
				gap: 1rem;
			}
			isoflop-methods-panel,
			isoflop-forecast-panel,
			isoflop-next-run-panel,
			isoflop-runs-panel,
			isoflop-kernel-panel {
				grid-column: 1 / -1;
			}
			@media (max-width: 64rem) {
				.panels {
					grid-template-columns: minmax(0, 1fr);
				}
			}
			@media (max-width: 40rem) {
				isoflop-run-bar {
					position: static;
				}
			}
			@media print {
				.panels {
					display: block;
				}
				isoflop-setup-panel,
				isoflop-kernel-panel {
					display: none;
				}
			}
		`,
	];

	override updated(changed: PropertyValues<this>): void {
		if (changed.has("parameters")) void this.follow(this.parameters);
		if (this.lab.state.isRead) loadBelow();
	}

	override render() {
		return html`
			<isoflop-run-bar role="region" aria-label="Training"></isoflop-run-bar>
			<div
				class="content panels"
				@isoflop-highlight=${(event: CustomEvent<readonly string[]>) => {
					this.highlight = event.detail;
				}}
			>
				<isoflop-setup-panel
					@isoflop-preset=${(event: CustomEvent<string>) => this.change(this.lab.effects.pickPreset(event.detail))}
					@isoflop-draft=${(event: CustomEvent<Draft>) => this.change(this.lab.effects.edit(event.detail))}
					@isoflop-files=${(event: CustomEvent<File[]>) => this.take(event.detail)}
				></isoflop-setup-panel>
				${
					this.lab.state.hasOwnQuestion
						? html`<isoflop-answer-panel .highlight=${this.highlight}></isoflop-answer-panel>`
						: html`<isoflop-result-panel .highlight=${this.highlight}></isoflop-result-panel>`
				}
				${
					this.lab.state.comparesMethods
						? html`<isoflop-methods-panel .highlight=${this.highlight}></isoflop-methods-panel>`
						: nothing
				}
				<isoflop-runs-panel .highlight=${this.highlight}></isoflop-runs-panel>
				<isoflop-forecast-panel .highlight=${this.highlight}></isoflop-forecast-panel>
				<isoflop-next-run-panel></isoflop-next-run-panel>
				<isoflop-kernel-panel></isoflop-kernel-panel>
			</div>
		`;
	}

	/** Shows the preset that the address names, or the study that it holds; else the study there is. */
	private async follow({ preset, study }: { preset?: string; study?: string }): Promise<void> {
		if (study !== undefined) {
			const isOpened = await this.lab.effects.openLink(study);
			if (!isOpened) await this.change(this.lab.effects.planStudy());
		} else if (preset === undefined || preset === this.lab.state.preset) await this.lab.effects.planStudy();
		else await this.change(this.lab.effects.pickPreset(preset));
	}

	private take(files: File[]): void {
		void this.change(this.lab.effects.takeFiles(files));
	}

	/** After a change, the address names the preset there is now: it may be a custom study, or unchanged while one trains. */
	private async change(done: Promise<void>): Promise<void> {
		await done;
		const { preset } = this.lab.state;
		const detail = preset === null ? {} : { preset };
		this.dispatchEvent(new CustomEvent("isoflop-parameters", { detail, bubbles: true, composed: true }));
	}
}

/** Once the first screen is complete: its own script comes first. */
const loadBelow = memoized(() => setTimeout(() => void import("./below.ts"), FIRST_SCREEN));

/** Milliseconds that the first screen has to itself. */
const FIRST_SCREEN = 500;

customElements.define("isoflop-study-page", StudyPage);
