import { css, html, LitElement } from "lit";
import { sharedStyles } from "../../parts/shared-styles.ts";
import "../../parts/training-bar.ts";
import { Selected } from "../../state/selected.ts";
import { isComplete, isRunnable, phaseOf } from "../../state/selectors.ts";
import { statusText, timeText } from "./texts.ts";

/** Run, Pause, Resume and Stop with the study's progress. */
export class RunBar extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		phase: phaseOf(state),
		isStartable: phaseOf(state) === "ready" && isRunnable(state) && !isComplete(state),
		share: state.work.progress.share,
		/** "Run 3 of 15, 42 %". */
		status: statusText(state),
		/** "about 4 min left". */
		detail: timeText(state),
		elsewhere: state.device.guest?.page ?? "",
	}));

	static override styles = [
		sharedStyles,
		css`
			@media print {
				:host {
					display: none;
				}
			}
		`,
	];

	override render() {
		const { phase, isStartable, share, status, detail, elsewhere } = this.lab.state;
		return html`
			<isoflop-training-bar
				.phase=${phase}
				.startable=${isStartable}
				.share=${share}
				.status=${status}
				.detail=${detail}
				.elsewhere=${elsewhere}
				@isoflop-train=${(event: CustomEvent<"run" | "pause" | "resume" | "stop">) => this.lab.effects[event.detail]()}
			></isoflop-training-bar>
		`;
	}
}

customElements.define("isoflop-run-bar", RunBar);
