import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { useful } from "./additions.ts";
import type { Draft } from "./draft.ts";
import { fieldStyles } from "./field-styles.ts";
import { type StudyField, studyFields } from "./study-fields.ts";

/** What a typed field needs: one of the form's own, or a control of a folded group. */
type Line = Pick<StudyField, "label" | "hint" | "fits" | "read" | "write" | "wraps" | "add">;

/** One typed field of a study, with buttons that add to it, and its error. Fires `isoflop-draft` with the changed document. */
export class StudyLine extends LitElement {
	static override properties = {
		field: { attribute: false },
		draft: { attribute: false },
		error: { attribute: false },
		disabled: { type: Boolean },
	};

	declare field: Line;
	declare draft: Draft;
	/** What is wrong with this field, or null. */
	declare error: string | null;
	declare disabled: boolean;

	constructor() {
		super();
		this.field = studyFields[0]!;
		this.draft = {};
		this.error = null;
		this.disabled = false;
	}

	static override styles = [
		sharedStyles,
		fieldStyles,
		css`
			.add {
				display: flex;
				flex-wrap: wrap;
				gap: 0.3rem;
				margin-top: 0.3rem;
			}
			.add button {
				padding: 0.05rem 0.5rem;
				border: 1px dashed var(--line-strong);
				border-radius: 999px;
				background: none;
				color: var(--accent);
				font: inherit;
				font-size: 0.8125rem;
				font-variant-numeric: tabular-nums;
				cursor: pointer;
			}
			.add button:hover:not(:disabled) {
				border-style: solid;
				background: var(--sunken);
			}
			.add button:focus-visible {
				outline: var(--focus-ring);
				outline-offset: 1px;
			}
			.add button:disabled {
				color: var(--quiet);
				cursor: default;
			}
		`,
	];

	override render() {
		const isShown = this.field.fits(this.draft);
		return html`
			${this.field.wraps ? this.lines(isShown) : this.line(isShown)} ${isShown ? this.additions() : nothing}
			${this.error === null ? nothing : html`<div class="error" role="alert">${this.error}</div>`}
		`;
	}

	private line(isShown: boolean) {
		return html`
			<wa-input
				size="s"
				label=${this.field.label}
				hint=${isShown ? this.field.hint : ELSEWHERE}
				autocomplete="off"
				.value=${isShown ? this.field.read(this.draft) : ""}
				?disabled=${this.disabled || !isShown}
				@change=${this.take}
			></wa-input>
		`;
	}

	private lines(isShown: boolean) {
		return html`
			<wa-textarea
				size="s"
				label=${this.field.label}
				hint=${isShown ? this.field.hint : ELSEWHERE}
				autocomplete="off"
				rows="1"
				resize="auto"
				.value=${isShown ? this.field.read(this.draft) : ""}
				?disabled=${this.disabled || !isShown}
				@change=${this.take}
				@keydown=${takeOnEnter}
			></wa-textarea>
		`;
	}

	private additions() {
		const { add } = this.field;
		const additions = useful(this.draft, add?.(this.draft) ?? []);
		if (additions.length === 0) return nothing;
		return html`
			<div class="add" role="group" aria-label="Add to the list">
				${additions.map(
					({ label, draft }) => html`
						<button type="button" ?disabled=${this.disabled} @click=${() => this.tell(draft)}>+ ${label}</button>
					`,
				)}
			</div>
		`;
	}

	private readonly take = (event: Event) => {
		const text = (event.target as HTMLInputElement).value.replaceAll("\n", " ");
		this.tell(this.field.write(this.draft, text));
	};

	private tell(detail: Draft): void {
		this.dispatchEvent(new CustomEvent("isoflop-draft", { detail, bubbles: true, composed: true }));
	}
}

/** Said of a field that cannot show what the document holds. */
const ELSEWHERE = "set in the JSON below";

/** As in a field of one line: Enter takes the text and starts no line. */
function takeOnEnter(event: KeyboardEvent): void {
	if (event.key !== "Enter" || event.isComposing) return;
	event.preventDefault();
	(event.target as HTMLElement).dispatchEvent(new Event("change", { bubbles: true }));
}

customElements.define("isoflop-study-line", StudyLine);
