import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import { parseStudy } from "../../../study/parse-study.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import type { Draft } from "./draft.ts";

/** The study document as JSON, for what the form does not cover. Fires `isoflop-draft` with a valid document. */
export class StudyJson extends LitElement {
	static override properties = {
		draft: { attribute: false },
		error: {},
		disabled: { type: Boolean },
		text: { state: true },
		textError: { state: true },
	};

	declare draft: Draft;
	/** Why `draft` is not valid, if it is not. */
	declare error: string | null;
	declare disabled: boolean;
	declare text: string;
	/** Why the text that was typed is not a study. */
	declare textError: string | null;

	constructor() {
		super();
		this.draft = {};
		this.error = null;
		this.disabled = false;
		this.text = "";
		this.textError = null;
	}

	static override styles = [
		sharedStyles,
		css`
			summary {
				width: fit-content;
				color: var(--accent);
				cursor: pointer;
				font-size: 0.9375rem;
			}
			wa-textarea {
				margin-top: 0.5rem;
			}
			wa-textarea::part(textarea) {
				font-family: var(--wa-font-family-code);
				font-size: 0.8125rem;
				line-height: 1.45;
				tab-size: 2;
			}
			.error {
				margin-top: 0.25rem;
				color: var(--danger-ink);
				font-size: 0.8125rem;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (!changed.has("draft")) return;
		this.text = readable(this.draft);
		this.textError = null;
	}

	override render() {
		const error = this.textError ?? this.error;
		return html`
			<details>
				<summary>Edit as JSON</summary>
				<wa-textarea
					label="study.json"
					size="s"
					rows="18"
					spellcheck="false"
					.value=${this.text}
					?disabled=${this.disabled}
					@change=${(event: Event) => this.take((event.target as HTMLTextAreaElement).value)}
				></wa-textarea>
				${error ? html`<div class="error" role="alert">${error}</div>` : nothing}
			</details>
		`;
	}

	private take(text: string): void {
		this.text = text;
		try {
			const detail = parseStudy(text);
			this.textError = null;
			this.dispatchEvent(new CustomEvent("isoflop-draft", { detail, bubbles: true, composed: true }));
		} catch (error) {
			this.textError = (error as Error).message;
		}
	}
}

/** JSON with one line per key, and one per size: short enough to read. */
function readable(draft: Draft): string {
	const lines = Object.entries(draft).map(([key, value]) => {
		const objects = Array.isArray(value) && value.some((entry) => typeof entry === "object" && entry !== null);
		const text = objects ? `[\n    ${value.map(onOneLine).join(",\n    ")}\n  ]` : onOneLine(value);
		return `  ${JSON.stringify(key)}: ${text}`;
	});
	return `{\n${lines.join(",\n")}\n}`;
}

function onOneLine(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
	const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
	return `{ ${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${onOneLine(entry)}`).join(", ")} }`;
}

customElements.define("isoflop-study-json", StudyJson);
