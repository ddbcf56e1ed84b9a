import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js";
import { PAUSE, PLAY, STOP } from "./icons.ts";
import "./notify-toggle.ts";
import { sharedStyles } from "./shared-styles.ts";

/** What the buttons of a training bar can mean. */
export type TrainingPhase = "preparing" | "ready" | "running" | "paused" | "stopping";

/**
 * Run, Pause, Resume and Stop with progress. The first button keeps its place and focus while its meaning changes. Fires
 * `isoflop-train` with "run", "pause", "resume" or "stop".
 */
export class TrainingBar extends LitElement {
	static override properties = {
		phase: {},
		startable: { type: Boolean },
		share: { type: Number },
		status: {},
		detail: {},
		elsewhere: {},
		name: {},
	};

	declare phase: TrainingPhase;
	/** Whether Run would start something. */
	declare startable: boolean;
	/** How much is done, 0 to 1. */
	declare share: number;
	/** "Run 3 of 15, 42 %". */
	declare status: string;
	/** "about 4 min left". */
	declare detail: string;
	/** The page that trains meanwhile, so that this one has to wait; empty if none does. */
	declare elsewhere: string;
	/** What the progress is of. */
	declare name: string;

	constructor() {
		super();
		this.phase = "preparing";
		this.startable = false;
		this.share = 0;
		this.status = "";
		this.detail = "";
		this.elsewhere = "";
		this.name = "the study";
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
			.elsewhere {
				color: var(--accent);
				font-weight: 600;
			}
			@media (max-width: 40rem) {
				.bar {
					grid-template-columns: 1fr;
				}
				isoflop-notify-toggle {
					display: none;
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
		const { phase, share, status, detail, elsewhere, name } = this;
		return html`
			<div class="bar">
				<div class="buttons">
					${this.mainButton()}
					<wa-button
						appearance="outlined"
						?disabled=${phase !== "running" && phase !== "paused"}
						@click=${() => this.tell("stop")}
					>
						${STOP} Stop
					</wa-button>
				</div>
				<div>
					<div class="texts">
						<span>${status}</span>
						${phase === "running" || phase === "paused" ? html`<isoflop-notify-toggle></isoflop-notify-toggle>` : nothing}
						${
							elsewhere === ""
								? html`<span class="quiet">${detail}</span>`
								: html`<span class="elsewhere">waits: the page ${elsewhere} is training</span>`
						}
					</div>
					<wa-progress-bar label=${`Progress of ${name}`} value=${Math.floor(1000 * share) / 10}></wa-progress-bar>
				</div>
			</div>
		`;
	}

	private mainButton() {
		const { phase, startable } = this;
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
				?disabled=${action === "run" && !startable}
				@click=${() => this.tell(action)}
			>
				${icon} ${text}
			</wa-button>
		`;
	}

	private tell(detail: "run" | "pause" | "resume" | "stop"): void {
		this.dispatchEvent(new CustomEvent("isoflop-train", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-training-bar", TrainingBar);
