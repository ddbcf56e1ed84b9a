import { css, html, LitElement, nothing } from "lit";
import type { LessonId } from "../../../lessons/lesson-ids.ts";
import { LESSONS } from "../../../lessons/lessons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { lessonAddress } from "./lesson-address.ts";

/** The eight lessons, with what was done marked. Fires `isoflop-forget` when the reader wants to begin anew. */
export class LessonNav extends LitElement {
	static override properties = { current: {}, done: { attribute: false } };

	declare current: LessonId;
	declare done: ReadonlySet<LessonId>;

	constructor() {
		super();
		this.done = new Set();
	}

	static override styles = [
		sharedStyles,
		css`
			ol {
				display: grid;
				gap: 0.15rem;
				margin: 0;
				padding: 0;
				list-style: none;
			}
			a {
				display: grid;
				grid-template-columns: 1.6rem minmax(0, 1fr) auto;
				gap: 0.5rem;
				align-items: baseline;
				padding: 0.45rem 0.6rem;
				border-radius: 6px;
				color: var(--ink);
				font-size: 0.9375rem;
				line-height: 1.3;
				text-decoration: none;
			}
			a:hover {
				background: var(--sunken);
			}
			a[aria-current] {
				background: var(--sunken);
				box-shadow: inset 3px 0 0 var(--accent);
				font-weight: 600;
			}
			.number {
				color: var(--quiet);
				font-family: var(--font-serif);
				font-variant-numeric: lining-nums tabular-nums;
				text-align: end;
			}
			.mark {
				width: 1em;
				color: var(--good-ink);
				font-weight: 600;
			}
			.so-far {
				display: flex;
				flex-wrap: wrap;
				align-items: baseline;
				justify-content: space-between;
				gap: 0 0.75rem;
				min-height: 1.6rem;
				margin: 0.6rem 0.6rem 0;
				font-size: 0.8125rem;
				color: var(--quiet);
			}
			button {
				padding: 0;
				border: 0;
				background: none;
				color: var(--accent);
				font: inherit;
				text-decoration: underline;
				cursor: pointer;
			}
			@media (max-width: 64rem) {
				ol {
					grid-template-columns: repeat(2, minmax(0, 1fr));
				}
			}
			@media (max-width: 40rem) {
				ol {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override render() {
		const { current, done } = this;
		return html`
			<nav aria-label="Lessons">
				<ol>
					${LESSONS.map(
						({ id, title }, i) => html`
							<li>
								<a href=${lessonAddress(id)} aria-current=${id === current ? "page" : nothing}>
									<span class="number">${i + 1}</span>
									<span>${title}</span>
									<span class="mark">${done.has(id) ? html`<span aria-hidden="true">✓</span><span class="visually-hidden">done</span>` : nothing}</span>
								</a>
							</li>
						`,
					)}
				</ol>
			</nav>
			<div class="so-far">
				<span>${done.size} of ${LESSONS.length} done</span>
				${done.size > 0 ? html`<button type="button" @click=${() => this.dispatchEvent(new Event("isoflop-forget"))}>Start over</button>` : nothing}
			</div>
		`;
	}
}

customElements.define("isoflop-lesson-nav", LessonNav);
