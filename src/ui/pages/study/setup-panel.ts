import { css, html, LitElement } from "lit";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { estimateOf, finishedCount, isTraining, presetOf } from "../../state/selectors.ts";
import "./preset-picker.ts";
import type { Draft } from "./draft.ts";
import "./study-numbers.ts";
import { whyFirst } from "./texts.ts";

/** What is to be trained: the choice of a preset, what it comes to, and the form that changes it, whose script comes with `below.ts`. */
export class SetupPanel extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		preset: presetOf(state),
		draft: state.document.draft,
		error: state.document.error,
		corpora: state.document.corpora,
		plan: state.document.plan,
		finished: finishedCount(state),
		estimate: estimateOf(state),
		probed: state.device.probed,
		why: whyFirst(state),
		isTraining: isTraining(state),
	}));

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			:host {
				display: grid;
				gap: 1rem;
				align-content: start;
			}
		`,
	];

	override render() {
		const { preset, draft, error, corpora, plan, finished, estimate, probed, why, isTraining } = this.lab.state;
		return html`
			<section aria-label="Study">
				<isoflop-preset-picker .preset=${preset} .why=${why} ?disabled=${isTraining}></isoflop-preset-picker>
			</section>
			<section aria-labelledby="numbers">
				<h2 id="numbers">Sizes and cost</h2>
				<isoflop-study-numbers
					.plan=${plan}
					.finished=${finished}
					.estimate=${estimate}
					.probed=${probed}
				></isoflop-study-numbers>
			</section>
			<section aria-label="Change the study">
				<details ?open=${error !== null || preset === null}>
					<summary>Change the study</summary>
					<isoflop-study-editor
						.draft=${draft as Draft}
						.error=${error}
						.corpora=${corpora}
						.runs=${plan?.runs ?? []}
						?disabled=${isTraining}
					></isoflop-study-editor>
				</details>
			</section>
		`;
	}
}

customElements.define("isoflop-setup-panel", SetupPanel);
