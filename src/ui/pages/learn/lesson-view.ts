import { html, LitElement, nothing } from "lit";
import type { Lesson, LessonAnswer, Source } from "../../../lessons/lesson.ts";
import { LESSONS } from "../../../lessons/lessons.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { formulaStyles, paragraphs } from "./formulas.ts";
import { lessonAddress } from "./lesson-address.ts";
import { pinList, pinStyles } from "./lesson-pins.ts";
import { practice, practiceStyles } from "./lesson-practice.ts";
import "./lesson-question.ts";
import { type LessonState, tellChange, UNTOUCHED } from "./lesson-state.ts";
import { lessonStyles } from "./lesson-styles.ts";

/** A lesson to read: its text, beside it the question and then the figure that answers it. */
export class LessonView extends LitElement {
	static override properties = { lesson: { attribute: false }, state: { attribute: false } };

	declare lesson: Lesson;
	declare state: LessonState;
	private readonly answerOf = memoized((lesson: Lesson, guess: number | null, round: number) =>
		lesson.answer(guess, round),
	);

	constructor() {
		super();
		this.state = UNTOUCHED;
	}

	static override styles = [sharedStyles, panelStyles, ...formulaStyles, pinStyles, practiceStyles, lessonStyles];

	override render() {
		const { lesson, state } = this;
		const number = LESSONS.indexOf(lesson) + 1;
		const answer = state.shown ? this.answerOf(lesson, state.guess, state.round) : null;
		return html`
			<article aria-labelledby="title">
				<div class="text">
					<p class="number">Lesson ${number} of ${LESSONS.length}</p>
					<h2 id="title" tabindex="-1">${lesson.title}</h2>
					<div class="prose">${paragraphs(lesson.text)}</div>${sources(lesson.sources)}
				</div>
				<div class="work">
					<section aria-label="Question">
						<isoflop-lesson-question .question=${lesson.question} .state=${state}></isoflop-lesson-question>
					</section>
					<section aria-label="Answer">
						<p class="verdict" role="status">${answer?.verdict ?? ""}</p>
						${
							answer
								? this.answer(answer)
								: html`<div class="later">The figure that answers it comes here, with your answer marked in it.</div>`
						}
					</section>
					${
						answer
							? html`<section class="prose" aria-labelledby="why">
									<h3 id="why">Why</h3>
									${paragraphs(lesson.explanation)}${more(lesson.more ?? [])}
								</section>`
							: nothing
					}
					<section class="practice" aria-labelledby="practice">
						<h3 id="practice">Run it with your class</h3>
						${practice(lesson.practice)}
					</section>
					${this.next(number)}
				</div>
			</article>
		`;
	}

	focusTitle(): void {
		this.renderRoot.querySelector<HTMLElement>("#title")?.focus({ preventScroll: true });
	}

	private answer({ figure, pins }: LessonAnswer) {
		return html`
			<isoflop-figure .figure=${figure}></isoflop-figure>
			${pins ? html`<h3 class="pins-title">What it wrote</h3>${pinList(pins)}` : nothing}
			${this.chance()}
		`;
	}

	private chance() {
		const { chance } = this.lesson;
		if (!chance) return nothing;
		return html`<wa-button
			class="chance"
			size="s"
			appearance="outlined"
			@click=${() => tellChange(this, { round: this.state.round + 1 })}
			>${chance}</wa-button
		>`;
	}

	private next(number: number) {
		const next = LESSONS[number];
		return html`<p class="next">
			${next ? html`<a href=${lessonAddress(next.id)}>Next lesson: ${next.title}</a>` : html`<a href="#/study">That was the last one. Now run a study of your own</a>`}
		</p>`;
	}
}

function sources(sources: readonly Source[]) {
	return html`<p class="sources">
		${sources.map(({ text, url }, i) => html`${i > 0 ? "; " : ""}<a href=${url} rel="noreferrer" target="_blank">${text}</a>`)}.
	</p>`;
}

function more(places: readonly Source[]) {
	return places.map(({ text, url }) => html`<p class="more"><a href=${url}>${text}</a></p>`);
}

customElements.define("isoflop-lesson-view", LessonView);
