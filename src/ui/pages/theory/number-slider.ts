import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/slider/slider.js";
import { richHtml } from "../../parts/rich-html.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { type NumberControl, numberText, readNumber } from "./number-control.ts";

/**
 * A number as a slider and as a field beside it, which takes numbers that the slider cannot reach. Fires `isoflop-number`
 * with the number, while it is dragged too; a text that is no such number is explained, and changes nothing.
 */
export class NumberSlider extends LitElement {
	static override properties = { control: { attribute: false }, value: { type: Number }, problem: { state: true } };

	declare control: NumberControl;
	declare value: number;
	/** What is wrong with the text in the field. */
	declare private problem: string;

	constructor() {
		super();
		this.value = 0;
		this.problem = "";
	}

	static override styles = [
		sharedStyles,
		css`
			.row {
				display: grid;
				grid-template-columns: var(--symbol-width, 1.5rem) minmax(0, 1fr) 6.5rem;
				gap: 0.75rem;
				align-items: center;
			}
			.symbol {
				font-size: 1rem;
				white-space: nowrap;
			}
			wa-slider {
				--track-size: 0.3rem;
				--thumb-width: 1.05rem;
				--thumb-height: 1.05rem;
			}
			wa-slider::part(label),
			wa-input::part(label) {
				position: absolute;
				width: 1px;
				height: 1px;
				margin: -1px;
				overflow: hidden;
				clip-path: inset(50%);
				white-space: nowrap;
			}
			wa-slider::part(hint) {
				display: none;
			}
			wa-input::part(input) {
				font-variant-numeric: tabular-nums;
			}
			wa-input {
				font-size: 0.875rem;
			}
			.error {
				margin: 0.2rem 0 0.3rem;
				color: var(--danger-ink);
				font-size: 0.8125rem;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("value")) this.problem = "";
	}

	override render() {
		const { control, value } = this;
		const { min, max, step, log } = control.slider;
		const position = log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value;
		return html`
			<div class="row">
				<span class="symbol" aria-hidden="true">${richHtml(control.symbol)}</span>
				<wa-slider
					size="s"
					label=${`${control.name} (slider)`}
					min=${min}
					max=${max}
					step=${step}
					.value=${Math.min(Math.max(position, min), max)}
					.valueFormatter=${(at: number) => this.words(at)}
					@input=${(event: Event) => this.drag((event.target as unknown as { value: number }).value)}
				></wa-slider>
				<wa-input
					size="xs"
					label=${control.name}
					inputmode="decimal"
					autocomplete="off"
					.value=${numberText(value)}
					@change=${(event: Event) => this.type((event.target as HTMLInputElement).value)}
				></wa-input>
			</div>
			${this.problem ? html`<p class="error" role="alert">${this.problem}.</p>` : nothing}
		`;
	}

	/** The number at a place of the slider, without digits that nobody dragged to. */
	private at(position: number): number {
		return this.control.slider.log ? Number((10 ** position).toPrecision(4)) : Number(position.toPrecision(6));
	}

	private words(position: number): string {
		const value = this.at(position);
		const { meaning } = this.control;
		return meaning ? `${numberText(value)}, ${meaning(value)}` : numberText(value);
	}

	private drag(position: number): void {
		this.tell(this.at(position));
	}

	private type(text: string): void {
		try {
			this.tell(readNumber(this.control, text));
			this.problem = "";
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			this.problem = error.message;
		}
	}

	private tell(detail: number): void {
		this.dispatchEvent(new CustomEvent("isoflop-number", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-number-slider", NumberSlider);
