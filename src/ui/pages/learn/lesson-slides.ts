import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import type { Lesson, LessonAnswer } from "../../../lessons/lesson.ts";
import { LESSONS } from "../../../lessons/lessons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import "./figure-slide.ts";
import { formulaStyles, paragraphs } from "./formulas.ts";
import { pinList, pinStyles } from "./lesson-pins.ts";
import { practice, practiceStyles } from "./lesson-practice.ts";
import "./lesson-question.ts";
import { type LessonState, tellChange, UNTOUCHED } from "./lesson-state.ts";
import { type Move, moveOf } from "./slide-keys.ts";
import { slideStyles } from "./slide-styles.ts";

interface Slide {
	name: string;
	content: () => TemplateResult;
}

/**
 * A lesson for a projector: one thing at a time, moved by keys. Fires `isoflop-lesson` with guesses and with what is shown,
 * `isoflop-turn` with 1 or −1 past either end of the lesson, and `isoflop-leave`.
 */
export class LessonSlides extends LitElement {
	static override properties = {
		lesson: { attribute: false },
		state: { attribute: false },
		fromEnd: { type: Boolean },
		step: { state: true },
		fullscreen: { state: true },
	};

	declare lesson: Lesson;
	declare state: LessonState;
	/** Whether a lesson is begun with its last slide. */
	declare fromEnd: boolean;
	/** The slide, from 0. */
	declare private step: number;
	declare private fullscreen: boolean;
	private readonly answerOf = memoized((lesson: Lesson, guess: number | null, round: number) =>
		lesson.answer(guess, round),
	);

	constructor() {
		super();
		this.state = UNTOUCHED;
		this.fromEnd = false;
		this.step = 0;
		this.fullscreen = false;
	}

	static override styles = [sharedStyles, ...formulaStyles, pinStyles, practiceStyles, slideStyles];

	override connectedCallback(): void {
		super.connectedCallback();
		document.addEventListener("fullscreenchange", this.followFullscreen);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		document.removeEventListener("fullscreenchange", this.followFullscreen);
	}

	override firstUpdated(): void {
		// A modal dialog keeps the focus, and the rest of the page out of the way.
		this.renderRoot.querySelector("dialog")!.showModal();
		this.slide.focus();
	}

	override willUpdate(changed: PropertyValues): void {
		if (!changed.has("step") && !changed.has("lesson")) return;
		const slides = this.slides();
		if (changed.has("lesson")) this.step = this.fromEnd ? slides.length - 1 : 0;
		if (slides[this.step]!.name === "Answer" && !this.state.shown) tellChange(this, { shown: true });
	}

	override updated(changed: PropertyValues): void {
		const moved = changed.has("step") || changed.has("lesson");
		// A field that was left behind would keep the keys.
		if (moved) this.slide.focus();
	}

	override render() {
		const { lesson, step } = this;
		const slides = this.slides();
		const slide = slides[step]!;
		const number = LESSONS.indexOf(lesson) + 1;
		return html`
			<dialog
				aria-label=${`Presentation: ${lesson.title}`}
				@cancel=${(event: Event) => {
					event.preventDefault();
					this.leave();
				}}
				@keydown=${(event: KeyboardEvent) => this.key(event)}
			>
				<div class="stage">
					<header>
						<span class="lesson">${number}. ${lesson.title}</span>
						<span class="name" role="status">${slide.name}, ${step + 1} of ${slides.length}</span>
						<span class="tools">
							${
								document.fullscreenEnabled
									? html`<wa-button size="s" appearance="plain" @click=${() => this.toggleFullscreen()}>
											${this.fullscreen ? "Leave full screen" : "Full screen"}
										</wa-button>`
									: nothing
							}
							<wa-button size="s" appearance="plain" @click=${() => this.leave()}>Close</wa-button>
						</span>
					</header>
					<div
						class=${`slide ${slide.name.toLowerCase().replaceAll(" ", "-")}`}
						role="group"
						aria-label=${slide.name}
						tabindex="0"
					>
						${slide.content()}
					</div>
					<footer>
						<wa-button size="s" appearance="plain" @click=${() => this.move("back")} ?disabled=${number === 1 && step === 0}>← Back</wa-button>
						<span class="hint">
							<kbd>→</kbd> or <kbd>space</kbd> on, <kbd>←</kbd> back, <kbd>Home</kbd> and <kbd>End</kbd> of the lesson, <kbd>Esc</kbd> close
						</span>
						<wa-button
							size="s"
							appearance="plain"
							@click=${() => this.move("next")}
							?disabled=${number === LESSONS.length && step === slides.length - 1}
							>${step === slides.length - 1 ? "Next lesson" : "Next"} →</wa-button
						>
					</footer>
				</div>
			</dialog>
		`;
	}

	private slides(): Slide[] {
		const { lesson, state } = this;
		const answer = (): LessonAnswer => this.answerOf(lesson, state.guess, state.round);
		const { pins } = answer();
		return [
			{
				name: "Text",
				content: () => html`<h2>${lesson.title}</h2>
					<div class="prose">${paragraphs(lesson.text)}</div>`,
			},
			{
				name: "Question",
				content: () =>
					html`<isoflop-lesson-question bare .question=${lesson.question} .state=${{ ...state, shown: false }}></isoflop-lesson-question>`,
			},
			{
				name: "Answer",
				content: () => html`
					<p class="verdict">${answer().verdict}</p>
					<isoflop-figure-slide .figure=${answer().figure}></isoflop-figure-slide>
					${
						lesson.chance
							? html`<wa-button size="s" appearance="outlined" @click=${() => tellChange(this, { round: state.round + 1 })}>${lesson.chance}</wa-button>`
							: nothing
					}
				`,
			},
			...(pins ? [{ name: "Samples", content: () => html`<h2>What it wrote</h2>${pinList(pins)}` }] : []),
			{
				name: "Why",
				content: () => html`<h2>Why</h2>
					<div class="prose">${paragraphs(lesson.explanation)}</div>`,
			},
			{
				name: "Try it",
				content: () => html`<h2>Run it with your class</h2>
					<div class="prose">${practice(lesson.practice)}</div>`,
			},
		];
	}

	private key(event: KeyboardEvent): void {
		const move = moveOf(event);
		if (!move) return;
		event.preventDefault();
		this.move(move);
	}

	private move(move: Move): void {
		const last = this.slides().length - 1;
		if (move === "first") this.step = 0;
		else if (move === "last") this.step = last;
		else if (move === "next" && this.step < last) this.step++;
		else if (move === "back" && this.step > 0) this.step--;
		else this.dispatchEvent(new CustomEvent("isoflop-turn", { detail: move === "next" ? 1 : -1 }));
	}

	private get slide(): HTMLElement {
		return this.renderRoot.querySelector<HTMLElement>(".slide")!;
	}

	private leave(): void {
		if (document.fullscreenElement) void document.exitFullscreen();
		this.dispatchEvent(new Event("isoflop-leave"));
	}

	private toggleFullscreen(): void {
		if (document.fullscreenElement) void document.exitFullscreen();
		else void this.renderRoot.querySelector(".stage")!.requestFullscreen();
		this.slide.focus();
	}

	private readonly followFullscreen = () => {
		this.fullscreen = document.fullscreenElement !== null;
	};
}

customElements.define("isoflop-lesson-slides", LessonSlides);
