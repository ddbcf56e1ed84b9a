import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { type Bounds, type Dimension, quantityText, readQuantity } from "../../theory/quantities.ts";
import { quantityEcho } from "./quantity-echo.ts";
import { sharedStyles } from "./shared-styles.ts";

/**
 * A number that is typed with a unit, and said back as it was understood. Fires `isoflop-quantity` with the number when the reader
 * is done with a text that can be read (null for an empty one, where that means something); else says beside the field what is wrong
 * with it, and fires nothing.
 */
export class QuantityField extends LitElement {
	static override properties = {
		label: {},
		dimension: {},
		value: { attribute: false },
		bounds: { attribute: false },
		whole: { type: Boolean },
		open: {},
		plain: { type: Boolean },
		text: { state: true },
		problem: { state: true },
	};

	declare label: string;
	declare dimension: Dimension;
	declare value: number | null;
	declare bounds: Bounds;
	declare whole: boolean;
	/** What an empty field stands for; without it the field may not be empty. */
	declare open: string;
	/** Whether the number is not said back: for fields whose texts are as clear. */
	declare plain: boolean;
	declare private text: string;
	/** What is wrong with the text, once the reader is done with it. */
	declare private problem: string;

	constructor() {
		super();
		this.label = "";
		this.dimension = "count";
		this.value = null;
		this.bounds = { min: 0, max: 1e40 };
		this.whole = false;
		this.open = "";
		this.plain = false;
		this.text = "";
		this.problem = "";
	}

	static override styles = [
		sharedStyles,
		css`
			:host(:not([plain])) wa-input::part(hint) {
				min-height: 1.5em;
				font-size: 0.8125rem;
				font-variant-numeric: tabular-nums;
			}
			.error {
				margin-top: 0.25rem;
				color: var(--danger-ink);
				font-size: 0.8125rem;
				overflow-wrap: anywhere;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (!changed.has("value")) return;
		const shown = this.read(this.text);
		// What the reader typed stays as it is while it means the same.
		if (shown !== null && "value" in shown && shown.value === this.value) return;
		this.text = this.value === null ? "" : quantityText(this.value, this.dimension);
		this.problem = "";
	}

	override render() {
		const reading = this.read(this.text);
		const value = reading !== null && "value" in reading ? reading.value : null;
		const echo = reading === null ? this.open : value === null ? "" : quantityEcho(value, this.dimension);
		return html`
			<wa-input
				size="s"
				label=${this.label}
				hint=${this.plain ? "" : echo || (this.problem ? "" : "\u00a0")}
				autocomplete="off"
				spellcheck="false"
				.value=${this.text}
				@input=${(event: Event) => this.type((event.target as HTMLInputElement).value)}
				@change=${(event: Event) => this.finish((event.target as HTMLInputElement).value)}
			></wa-input>
			${this.problem ? html`<div class="error" role="alert">${this.problem} ${this.kept()}</div>` : nothing}
		`;
	}

	/** Null for an empty field that may be empty. */
	private read(text: string) {
		if (text.trim() === "" && this.open) return null;
		return readQuantity(text, this.dimension, this.bounds, this.whole);
	}

	/** While a text is being typed, it is not said to be wrong. */
	private type(text: string): void {
		this.text = text;
		const reading = this.read(text);
		if (reading === null || "value" in reading) this.problem = "";
	}

	private finish(text: string): void {
		this.text = text;
		const reading = this.read(text);
		this.problem = reading !== null && "problem" in reading ? reading.problem : "";
		if (this.problem) return;
		const detail = reading !== null && "value" in reading ? reading.value : null;
		if (detail !== this.value)
			this.dispatchEvent(new CustomEvent("isoflop-quantity", { detail, bubbles: true, composed: true }));
	}

	private kept(): string {
		const kept = this.value === null ? this.open : quantityEcho(this.value, this.dimension).replace(/^= /, "");
		return `Still counted with: ${kept}.`;
	}
}

customElements.define("isoflop-quantity-field", QuantityField);
