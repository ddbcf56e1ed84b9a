import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/slider/slider.js";
import type { ChoiceQuestion, NumberQuestion, Question } from "../../../lessons/lesson.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { formulaStyles, inline } from "./formulas.ts";
import { type LessonState, tellChange, UNTOUCHED } from "./lesson-state.ts";
import { readAnswer } from "./typed-answer.ts";

/**
 * A question with a field for the answer, which is closed once the truth is shown. Fires `isoflop-lesson` with a guess, with
 * `shown`, and to begin again.
 */
export class LessonQuestion extends LitElement {
	static override properties = {
		question: { attribute: false },
		state: { attribute: false },
		bare: { type: Boolean },
		asked: { state: true },
		problem: { state: true },
	};

	declare question: Question;
	declare state: LessonState;
	/** Without the button that shows the answer, for a presentation. */
	declare bare: boolean;
	/** Whether the answer was asked for without a guess. */
	declare private asked: boolean;
	/** What is wrong with what was typed. */
	declare private problem: string;

	constructor() {
		super();
		this.state = UNTOUCHED;
		this.bare = false;
		this.asked = false;
		this.problem = "";
	}

	static override styles = [
		sharedStyles,
		...formulaStyles,
		css`
			:host {
				container-type: inline-size;
			}
			.text {
				margin-bottom: 1rem;
				font-family: var(--font-serif);
				font-size: var(--question-size, 1.1875rem);
				font-weight: 600;
				line-height: 1.35;
				text-wrap: pretty;
			}
			.number {
				display: grid;
				grid-template-columns: minmax(0, 1fr) auto;
				gap: 0.25rem 1.25rem;
				align-items: end;
			}
			wa-input {
				width: 8.5em;
				font-size: var(--guess-size, 1.1875rem);
			}
			wa-input::part(label) {
				position: absolute;
				width: 1px;
				height: 1px;
				margin: -1px;
				overflow: hidden;
				clip-path: inset(50%);
				white-space: nowrap;
			}
			wa-input::part(input) {
				font-family: var(--font-serif);
				font-variant-numeric: lining-nums tabular-nums;
				font-weight: 600;
				text-align: end;
			}
			.error {
				margin-top: 0.5rem;
				color: var(--danger-ink);
				font-size: 0.875rem;
			}
			.ends {
				display: flex;
				justify-content: space-between;
				color: var(--quiet);
				font-size: 0.8125em;
				font-variant-numeric: tabular-nums;
			}
			@container (max-width: 24rem) {
				.number {
					grid-template-columns: minmax(0, 1fr);
				}
				wa-input {
					order: 1;
				}
			}
			:host([bare]) wa-slider,
			:host([bare]) wa-radio-group {
				font-size: inherit;
			}
			:host([bare]) wa-slider::part(label),
			:host([bare]) wa-radio-group::part(form-control-label) {
				font-size: 0.8em;
			}
			:host([bare]) wa-radio {
				font-size: 1em;
			}
			.buttons {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 0.5rem 1rem;
				min-height: 2.5rem;
				margin-top: 1rem;
			}
			.hint {
				font-size: 0.875rem;
				color: var(--quiet);
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("question") || this.state.guess !== null || this.state.shown) this.asked = false;
		if (changed.has("question") || changed.has("state")) this.problem = "";
	}

	override render() {
		const { question, state } = this;
		return html`
			<p class="text">${inline(question.text)}</p>
			${question.kind === "number" ? this.slider(question) : this.choices(question)}
			${
				this.bare
					? nothing
					: html`<div class="buttons">
							<wa-button
								size="s"
								variant=${state.shown ? "neutral" : "brand"}
								appearance=${state.shown ? "outlined" : "accent"}
								@click=${() => this.press()}
								>${state.shown ? "Answer again" : this.asked ? "Show it without an answer" : "Show the answer"}</wa-button
							>
							<span class="hint" role="status">${this.asked ? "Give an answer first, even a rough one: it is what you will remember." : ""}</span>
						</div>`
			}
		`;
	}

	private slider(question: NumberQuestion) {
		const { label, min, max, step, start, scale, format } = question;
		const { guess, shown } = this.state;
		const place = (value: number) => (scale === "log" ? Math.log10(value) : value);
		const at = (position: number) => (scale === "log" ? 10 ** position : Number(position.toPrecision(6)));
		return html`
			<div class="number">
				<wa-slider
					label=${label}
					min=${place(min)}
					max=${place(max)}
					step=${step}
					.value=${place(guess ?? start)}
					.valueFormatter=${(position: number) => format(at(position))}
					?disabled=${shown}
					@input=${(event: Event) => tellChange(this, { guess: at((event.target as unknown as { value: number }).value) })}
				></wa-slider>
				<wa-input
					label=${`${label}, typed`}
					placeholder="your answer"
					autocomplete="off"
					.value=${guess === null ? "" : format(guess)}
					?disabled=${shown}
					@change=${(event: Event) => this.type(question, (event.target as HTMLInputElement).value)}
				></wa-input>
				<div class="ends" aria-hidden="true"><span>${format(min)}</span><span>${format(max)}</span></div>
			</div>
			${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
		`;
	}

	private choices({ label, options }: ChoiceQuestion) {
		const { guess, shown } = this.state;
		return html`
			<wa-radio-group
				label=${label}
				.value=${guess === null ? "" : String(guess)}
				?disabled=${shown}
				@change=${(event: Event) => tellChange(this, { guess: Number((event.target as HTMLInputElement).value) })}
			>
				${options.map((option, i) => html`<wa-radio value=${String(i)}>${option}</wa-radio>`)}
			</wa-radio-group>
		`;
	}

	private type(question: NumberQuestion, text: string): void {
		try {
			tellChange(this, { guess: readAnswer(question, text) });
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			this.problem = error.message;
		}
	}

	private press(): void {
		if (this.state.shown) tellChange(this, UNTOUCHED);
		else if (this.state.guess === null && !this.asked) this.asked = true;
		else tellChange(this, { shown: true });
	}
}

customElements.define("isoflop-lesson-question", LessonQuestion);
