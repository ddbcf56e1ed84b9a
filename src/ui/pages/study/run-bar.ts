import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js";
import { PAUSE, PLAY, STOP } from "../../parts/icons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { isComplete, isRunnable, phaseOf } from "../../state/selectors.ts";
import { statusText, timeText } from "./texts.ts";

/**
 * Run, Pause, Resume and Stop with the study's progress. The first button keeps its place and focus while its meaning
 * changes.
 */
export class RunBar extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		phase: phaseOf(state),
		isStartable: phaseOf(state) === "ready" && isRunnable(state) && !isComplete(state),
		share: state.work.progress.share,
		/** "Run 3 of 15, 42 %". */
		status: statusText(state),
		/** "about 4 min left". */
		detail: timeText(state),
	}));

	static override styles = [
		sharedStyles,
		css`
			.bar {
				display: grid;
				grid-template-columns: auto 1fr;
				align-items: center;
				gap: 0.5rem 1.25rem;
				max-width: var(--page-width);
				margin: 0 auto;
				padding: 0.6rem var(--gutter);
			}
			.buttons {
				display: flex;
				gap: 0.5rem;
			}
			.main {
				min-width: 7.5rem;
			}
			.texts {
				display: flex;
				justify-content: space-between;
				gap: 1rem;
				min-height: 1.4em;
				font-size: 0.875rem;
				font-variant-numeric: tabular-nums;
			}
			.texts span {
				overflow: hidden;
				text-overflow: ellipsis;
				white-space: nowrap;
			}
			wa-progress-bar {
				--track-height: 0.4rem;
				--track-color: var(--line);
				--indicator-color: var(--accent);
				/* Progress comes several times a second: in transition all the time, it would have the page laid out at every frame. */
				--wa-transition-slow: 0ms;
			}
			@media (max-width: 40rem) {
				.bar {
					grid-template-columns: 1fr;
				}
			}
			@media print {
				:host {
					display: none;
				}
			}
		`,
	];

	override render() {
		const { phase, share, status, detail } = this.lab.state;
		return html`
			<div class="bar">
				<div class="buttons">
					${this.mainButton()}
					<wa-button
						appearance="outlined"
						?disabled=${phase !== "running" && phase !== "paused"}
						@click=${() => this.lab.effects.stop()}
					>
						${STOP} Stop
					</wa-button>
				</div>
				<div>
					<div class="texts">
						<span>${status}</span>
						<span class="quiet">${detail}</span>
					</div>
					<wa-progress-bar label="Progress of the study" value=${Math.floor(1000 * share) / 10}></wa-progress-bar>
				</div>
			</div>
		`;
	}

	private mainButton() {
		const { phase, isStartable } = this.lab.state;
		const [action, icon, text] =
			phase === "running"
				? (["pause", PAUSE, "Pause"] as const)
				: phase === "paused"
					? (["resume", PLAY, "Resume"] as const)
					: (["run", PLAY, phase === "stopping" ? "Stopping" : "Run"] as const);
		return html`
			<wa-button
				class="main"
				variant="brand"
				appearance="accent"
				?disabled=${action === "run" && !isStartable}
				@click=${() => this.lab.effects[action]()}
			>
				${icon} ${text}
			</wa-button>
		`;
	}
}

customElements.define("isoflop-run-bar", RunBar);
