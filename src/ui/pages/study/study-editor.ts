import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import type { CorpusInfo } from "../../../data/corpus.ts";
import type { PlannedRun } from "../../../run/events.ts";
import type { StudyProblem } from "../../../study/study-error.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { controlGroups } from "./control-groups.ts";
import { fieldStyles } from "./field-styles.ts";
import { SCHEDULES, scheduleKind, warmup, warmupUnitOf } from "./schedule-controls.ts";
import "./file-chooser.ts";
import "./rate-preview.ts";
import "./study-group.ts";
import "./study-json.ts";
import "./study-line.ts";
import type { Draft } from "./draft.ts";
import { fieldOfPath, type StudyField, studyFields } from "./study-fields.ts";

/**
 * A form for a study: its common fields, the rest in groups that are folded away, files, and the document itself. Fires
 * `isoflop-draft` with the changed document, valid or not, and `isoflop-files` with chosen files.
 */
export class StudyEditor extends LitElement {
	static override properties = {
		draft: { attribute: false },
		error: { attribute: false },
		corpora: { attribute: false },
		runs: { attribute: false },
		disabled: { type: Boolean },
	};

	declare draft: Draft;
	/** Why the document is not a study that can run; null when it is one. */
	declare error: StudyProblem | null;
	declare corpora: readonly CorpusInfo[];
	/** The runs of the last valid document. */
	declare runs: readonly PlannedRun[];
	declare disabled: boolean;

	constructor() {
		super();
		this.draft = {};
		this.error = null;
		this.corpora = [];
		this.runs = [];
		this.disabled = false;
	}

	static override styles = [
		sharedStyles,
		fieldStyles,
		css`
			.fields {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 0.8rem 0.9rem;
				align-items: start;
			}
			.fields > :not(.short) {
				grid-column: 1 / -1;
			}
			isoflop-rate-preview {
				display: block;
				margin-top: 0.6rem;
			}
			.pair {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 0.9rem;
				align-items: end;
			}
		`,
	];

	override render() {
		const wrong = this.error === null ? null : fieldOfPath(this.error.path);
		return html`
			<div class="fields">
				${studyFields.map((field) => [this.field(field, wrong), field.id === "name" ? this.corpus(wrong) : nothing])}
				${this.schedule(wrong)}
				${controlGroups.map(
					(group) => html`
						<isoflop-study-group
							.group=${group}
							.draft=${this.draft}
							.error=${this.error?.message ?? null}
							.wrong=${wrong}
							.corpora=${this.corpora}
							?disabled=${this.disabled}
						></isoflop-study-group>
					`,
				)}
				<isoflop-file-chooser ?disabled=${this.disabled}></isoflop-file-chooser>
				<isoflop-study-json
					.draft=${this.draft}
					.error=${this.error?.message ?? null}
					?disabled=${this.disabled}
				></isoflop-study-json>
			</div>
		`;
	}

	private field(field: StudyField, wrong: string | null) {
		return html`
			<isoflop-study-line
				class=${field.short ? "short" : ""}
				.field=${field}
				.draft=${this.draft}
				.error=${wrong === field.id ? this.error!.message : null}
				?disabled=${this.disabled}
			></isoflop-study-line>
		`;
	}

	private corpus(wrong: string | null) {
		const ids: unknown[] = Array.isArray(this.draft.corpora) ? this.draft.corpora : [];
		const shown = ids.length === 1 && typeof ids[0] === "string";
		return html`
			<div>
				<wa-select
					size="s"
					label="Text"
					hint=${shown ? "" : "several texts or a mix: set in the JSON below"}
					.value=${shown ? String(ids[0]) : ""}
					?disabled=${this.disabled || !shown}
					@change=${(event: Event) => this.change({ ...this.draft, corpora: [(event.target as HTMLInputElement).value] })}
				>
					${this.corpora.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
				</wa-select>
				${this.errorOf("corpora", wrong)}
			</div>
		`;
	}

	private schedule(wrong: string | null) {
		const shown = scheduleKind.fits(this.draft);
		return html`
			<div>
				<div class="pair">
					<wa-select
						size="s"
						label=${scheduleKind.label}
						.value=${shown ? scheduleKind.read(this.draft)[0]! : ""}
						?disabled=${this.disabled || !shown}
						@change=${(event: Event) =>
							this.change(scheduleKind.write(this.draft, [(event.target as HTMLInputElement).value]))}
					>
						${SCHEDULES.map(([kind, label]) => html`<wa-option value=${kind}>${label}</wa-option>`)}
					</wa-select>
					<wa-input
						size="s"
						label=${`${warmup.label}, ${warmupUnitOf(this.draft)}`}
						autocomplete="off"
						.value=${shown ? warmup.read(this.draft) : ""}
						?disabled=${this.disabled || !shown}
						@change=${(event: Event) => this.change(warmup.write(this.draft, (event.target as HTMLInputElement).value))}
					></wa-input>
				</div>
				<isoflop-rate-preview .runs=${this.runs}></isoflop-rate-preview>
				${this.errorOf("schedules", wrong)}
			</div>
		`;
	}

	private errorOf(field: string, wrong: string | null) {
		return wrong === field ? html`<div class="error" role="alert">${this.error!.message}</div>` : nothing;
	}

	private change(detail: Draft): void {
		this.dispatchEvent(new CustomEvent("isoflop-draft", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-study-editor", StudyEditor);
