import { css, html, LitElement, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import type { LessonId } from "../../../lessons/lesson-ids.ts";
import { LESSONS, lessonOf } from "../../../lessons/lessons.ts";
import { localMemory } from "../../parts/local-memory.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { lessonAddress } from "./lesson-address.ts";
import "./lesson-nav.ts";
import { readDone, storeDone } from "./lesson-progress.ts";
import "./lesson-slides.ts";
import { type LessonChange, type LessonState, UNTOUCHED } from "./lesson-state.ts";
import type { LessonView } from "./lesson-view.ts";
import "./lesson-view.ts";

/** What was last shown, and how far each lesson is: it outlives a visit to another page. */
let remembered: LessonId | null = null;
const states = new Map<LessonId, LessonState>();

/** Eight lessons, to read or to present; the address names the lesson. */
export class LearnPage extends LitElement {
	static override properties = { parameters: { attribute: false }, done: { state: true }, fromEnd: { state: true } };

	declare parameters: { readonly lesson?: LessonId; readonly present?: "on" };
	declare private done: ReadonlySet<LessonId>;
	/** Whether the next lesson to be presented begins with its last slide: the reader went back to it. */
	declare private fromEnd: boolean;
	private current: LessonId = LESSONS[0]!.id;

	constructor() {
		super();
		this.parameters = {};
		this.done = readDone(localMemory);
		this.fromEnd = false;
	}

	static override styles = [
		sharedStyles,
		pageStyles,
		css`
			.content {
				display: grid;
				grid-template-columns: 14rem minmax(0, 1fr);
				gap: 1.5rem 2.25rem;
				align-items: start;
				padding-top: 1.5rem;
			}
			aside {
				position: sticky;
				top: calc(var(--header-height) + 1.5rem);
				min-width: 0;
			}
			wa-button {
				margin: 0.75rem 0.6rem 0;
			}
			@media (max-width: 64rem) {
				.content {
					grid-template-columns: minmax(0, 1fr);
				}
				aside {
					position: static;
				}
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (!changed.has("parameters")) return;
		const { lesson } = this.parameters;
		this.current = lesson ?? remembered ?? LESSONS.find(({ id }) => !this.done.has(id))?.id ?? LESSONS[0]!.id;
		remembered = this.current;
	}

	override updated(changed: PropertyValues<this>): void {
		// From one lesson to the next, and after a presentation, the page begins at its top; at first the shell has the focus.
		const before = changed.get("parameters") as LearnPage["parameters"] | undefined;
		const isTurned = before?.lesson !== undefined && before.lesson !== this.current;
		if (!(isTurned || before?.present) || this.parameters.present) return;
		scrollTo({ top: 0 });
		void this.focusLesson();
	}

	override render() {
		const lesson = lessonOf(this.current);
		const state = states.get(this.current) ?? UNTOUCHED;
		return html`
			<div
				class="content"
				@isoflop-lesson=${({ detail }: CustomEvent<LessonChange>) => this.change(detail)}
			>
				<aside>
					<isoflop-lesson-nav .current=${this.current} .done=${this.done} @isoflop-forget=${() => this.forget()}></isoflop-lesson-nav>
					<wa-button size="s" appearance="outlined" href=${lessonAddress(this.current, true)}>Present</wa-button>
				</aside>
				<isoflop-lesson-view .lesson=${lesson} .state=${state}></isoflop-lesson-view>
				${
					this.parameters.present
						? html`<isoflop-lesson-slides
								.lesson=${lesson}
								.state=${state}
								.fromEnd=${this.fromEnd}
								@isoflop-turn=${({ detail }: CustomEvent<1 | -1>) => this.turn(detail)}
								@isoflop-leave=${() => location.replace(lessonAddress(this.current))}
							></isoflop-lesson-slides>`
						: ""
				}
			</div>
		`;
	}

	private async focusLesson(): Promise<void> {
		const view = this.renderRoot.querySelector<LessonView>("isoflop-lesson-view")!;
		await view.updateComplete;
		view.focusTitle();
	}

	private change(detail: LessonChange): void {
		const { current } = this;
		states.set(current, { ...(states.get(current) ?? UNTOUCHED), ...detail });
		if (detail.shown) {
			this.done = new Set([...this.done, current]);
			storeDone(localMemory, this.done);
		}
		this.requestUpdate();
	}

	private forget(): void {
		states.clear();
		this.done = new Set();
		storeDone(localMemory, this.done);
	}

	/** Presents the next lesson from its beginning, or the one before from its end. */
	private turn(by: 1 | -1): void {
		const next = LESSONS[LESSONS.findIndex(({ id }) => id === this.current) + by];
		if (!next) return;
		this.fromEnd = by < 0;
		location.replace(lessonAddress(next.id, true));
	}
}

customElements.define("isoflop-learn-page", LearnPage);
