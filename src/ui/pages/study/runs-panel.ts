import { css, html, LitElement } from "lit";
import "../../charts/loss-figure.ts";
import "../../parts/export-buttons.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import "../../parts/run-table.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { selectRuns } from "../../state/selectors.ts";
import { emptyTexts } from "./texts.ts";

/** The study's runs: their loss curves, their table, and the files to save. */
export class RunsPanel extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		runs: selectRuns(state),
		analysis: state.result.analysis,
		study: state.document.study,
		empty: emptyTexts(state).loss,
	}));

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			:host {
				display: grid;
				gap: 1rem;
			}
			.heading {
				display: flex;
				flex-wrap: wrap;
				align-items: baseline;
				justify-content: space-between;
				gap: 0.5rem 1rem;
				margin-bottom: 0.75rem;
			}
		`,
	];

	override render() {
		const { runs, analysis, study, empty } = this.lab.state;
		return html`
			<section aria-label="Loss">
				<isoflop-loss-figure .runs=${runs} .analysis=${analysis} .empty=${empty}></isoflop-loss-figure>
			</section>
			<section aria-labelledby="runs">
				<div class="heading">
					<h2 id="runs">Runs</h2>
					<isoflop-export-buttons .runs=${runs} .analysis=${analysis} .study=${study}></isoflop-export-buttons>
				</div>
				<isoflop-run-table .runs=${runs} .analysis=${analysis}></isoflop-run-table>
			</section>
		`;
	}
}

customElements.define("isoflop-runs-panel", RunsPanel);
