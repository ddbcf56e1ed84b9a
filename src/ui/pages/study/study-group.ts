import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/checkbox/checkbox.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import type { CorpusInfo } from "../../../data/corpus.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { type ControlGroup, groupSummary } from "./control-groups.ts";
import type { Draft } from "./draft.ts";
import { fieldStyles } from "./field-styles.ts";
import type { ChoiceControl, Control, FlagControl } from "./study-control.ts";
import "./study-line.ts";

/**
 * Controls of a study, folded away under a title that lists the values that are not the default. Opens for an error in
 * one of them. Fires `isoflop-draft` with the changed document.
 */
export class StudyGroup extends LitElement {
	static override properties = {
		group: { attribute: false },
		draft: { attribute: false },
		error: {},
		wrong: {},
		corpora: { attribute: false },
		disabled: { type: Boolean },
	};

	declare group: ControlGroup;
	declare draft: Draft;
	/** What is wrong with the document, and the field that is at fault. */
	declare error: string | null;
	declare wrong: string | null;
	declare corpora: readonly CorpusInfo[];
	declare disabled: boolean;

	constructor() {
		super();
		this.group = { title: "", controls: [] };
		this.draft = {};
		this.error = null;
		this.wrong = null;
		this.corpora = [];
		this.disabled = false;
	}

	static override styles = [
		sharedStyles,
		fieldStyles,
		css`
			summary {
				width: fit-content;
				max-width: 100%;
				color: var(--accent);
				cursor: pointer;
				font-size: 0.9375rem;
			}
			summary .quiet {
				font-size: 0.8125rem;
			}
			.controls {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 0.8rem 0.9rem;
				align-items: start;
				margin-top: 0.6rem;
			}
			.wide {
				grid-column: 1 / -1;
			}
		`,
	];

	override updated(changed: PropertyValues<this>): void {
		const isWrong = this.group.controls.some(({ id }) => id === this.wrong);
		if (changed.has("wrong") && isWrong) this.renderRoot.querySelector("details")!.open = true;
	}

	override render() {
		const summary = groupSummary(this.group, this.draft);
		const controls = this.group.controls.filter(({ applies }) => applies?.(this.draft) ?? true);
		return html`
			<details>
				<summary>${this.group.title} ${summary ? html`<span class="quiet">${summary}</span>` : nothing}</summary>
				<div class="controls">${controls.map((control) => this.control(control))}</div>
			</details>
		`;
	}

	private control(control: Control) {
		const wide = control.kind === "flag" || (control.kind === "choice" && control.multiple);
		// Errors in the schedule are shown beside its kind, above.
		const isWrong = control.id === this.wrong && control.id !== "schedules";
		if (control.kind === "text")
			return html`
				<isoflop-study-line
					.field=${control}
					.draft=${this.draft}
					.error=${isWrong ? this.error : null}
					?disabled=${this.disabled}
				></isoflop-study-line>
			`;
		return html`
			<div class=${wide ? "wide" : ""}>
				${control.kind === "flag" ? this.flag(control) : this.choice(control)}
				${isWrong ? html`<div class="error" role="alert">${this.error}</div>` : nothing}
			</div>
		`;
	}

	private choice(control: ChoiceControl) {
		const shown = control.fits(this.draft);
		const options =
			control.options === "corpora" ? this.corpora.map(({ id, title }) => [id, title] as const) : control.options;
		const chosen = shown ? control.read(this.draft) : [];
		return html`
			<wa-select
				size="s"
				label=${control.label}
				hint=${shown ? control.hint : "set in the JSON below"}
				?multiple=${control.multiple}
				.value=${control.multiple ? chosen : (chosen[0] ?? "")}
				?disabled=${this.disabled || !shown}
				@change=${(event: Event) => {
					const { value } = event.target as unknown as { value: string | string[] };
					this.change(control.write(this.draft, [value].flat()));
				}}
			>
				${options.map(([value, label]) => html`<wa-option value=${value}>${label}</wa-option>`)}
			</wa-select>
		`;
	}

	private flag(control: FlagControl) {
		const shown = control.fits(this.draft);
		return html`
			<wa-checkbox
				size="s"
				.checked=${shown && control.read(this.draft)}
				?disabled=${this.disabled || !shown}
				@change=${(event: Event) => this.change(control.write(this.draft, (event.target as HTMLInputElement).checked))}
			>
				${control.label}
			</wa-checkbox>
		`;
	}

	private change(detail: Draft): void {
		this.dispatchEvent(new CustomEvent("isoflop-draft", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-study-group", StudyGroup);
