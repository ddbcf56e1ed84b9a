import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js";
import { PAUSE, PLAY, STOP } from "../../parts/icons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import type { Phase } from "../../state/lab-state.ts";

/**
 * Run, Pause, Resume and Stop with the study's progress. Fires `isoflop-run`, `isoflop-pause`, `isoflop-resume` and
 * `isoflop-stop`. The first button keeps its place and focus while its meaning changes.
 */
export class RunBar extends LitElement {
	static override properties = {
		phase: {},
		runnable: { type: Boolean },
		complete: { type: Boolean },
		progress: { type: Number },
		status: {},
		detail: {},
	};

	declare phase: Phase;
	/** Whether there is a valid study and a device to run it on. */
	declare runnable: boolean;
	/** Whether all runs of the study are stored. */
	declare complete: boolean;
	/** Share of the study's compute that is done, 0 to 1. */
	declare progress: number;
	/** "Run 3 of 15, 42 %". */
	declare status: string;
	/** "about 4 min left". */
	declare detail: string;

	constructor() {
		super();
		this.phase = "preparing";
		this.runnable = false;
		this.complete = false;
		this.progress = 0;
		this.status = "";
		this.detail = "";
	}

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
		return html`
			<div class="bar">
				<div class="buttons">
					${this.mainButton()}
					<wa-button
						appearance="outlined"
						?disabled=${this.phase !== "running" && this.phase !== "paused"}
						@click=${() => this.fire("stop")}
					>
						${STOP} Stop
					</wa-button>
				</div>
				<div>
					<div class="texts">
						<span>${this.status}</span>
						<span class="quiet">${this.detail}</span>
					</div>
					<wa-progress-bar label="Progress of the study" value=${Math.floor(1000 * this.progress) / 10}></wa-progress-bar>
				</div>
			</div>
		`;
	}

	private mainButton() {
		const [action, icon, text] =
			this.phase === "running"
				? (["pause", PAUSE, "Pause"] as const)
				: this.phase === "paused"
					? (["resume", PLAY, "Resume"] as const)
					: (["run", PLAY, this.phase === "stopping" ? "Stopping" : "Run"] as const);
		const idle = this.phase !== "running" && this.phase !== "paused";
		return html`
			<wa-button
				class="main"
				variant="brand"
				appearance="accent"
				?disabled=${idle && (!this.runnable || this.complete || this.phase !== "ready")}
				@click=${() => this.fire(action)}
			>
				${icon} ${text}
			</wa-button>
		`;
	}

	private fire(action: "run" | "pause" | "resume" | "stop"): void {
		this.dispatchEvent(new CustomEvent(`isoflop-${action}`, { bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-run-bar", RunBar);
