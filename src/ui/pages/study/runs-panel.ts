import { css, html, LitElement } from "lit";
import { guard } from "lit/directives/guard.js";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import type { FitsOfRuns } from "../../../study/fits-of-runs.ts";
import "../../charts/figure-view.ts";
import "../../charts/loss-axis.ts";
import type { LossAbscissa } from "../../charts/loss-axis.ts";
import { type Envelope, type LossAxis, lossFigure } from "../../charts/loss-figure.ts";
import "../../parts/export-buttons.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import "../../parts/run-table.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { selectRuns } from "../../state/selectors.ts";
import { emptyTexts } from "./texts.ts";

/** The study's runs: their loss curves, their table, and the files to save. */
export class RunsPanel extends LitElement {
	static override properties = { highlight: { attribute: false }, lossAxis: { state: true } };

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	declare lossAxis: LossAbscissa;
	private readonly lab = new Selected(this, (state) => ({
		runs: selectRuns(state),
		analysis: state.result.analysis,
		counting: state.result.counting,
		fits: state.result.fits[state.result.counting]?.fits ?? null,
		study: state.document.study,
		empty: emptyTexts(state).loss,
	}));

	constructor() {
		super();
		this.highlight = [];
		this.lossAxis = "compute";
	}

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
		const { runs, analysis, study, empty, counting, fits } = this.lab.state;
		const axis = this.lossAxis === "compute" ? counting : this.lossAxis;
		return html`
			<section aria-label="Loss">
				<isoflop-figure
					level="2"
					.figure=${guard([runs, analysis, axis, fits, empty], () =>
						lossFigure(runs, analysis, axis, envelopeIn(axis, analysis, fits), empty),
					)}
					.highlight=${this.highlight}
				>
					<isoflop-loss-axis
						slot="options"
						.axis=${this.lossAxis}
						@isoflop-loss-axis=${(event: CustomEvent<LossAbscissa>) => {
							this.lossAxis = event.detail;
						}}
					></isoflop-loss-axis>
				</isoflop-figure>
			</section>
			<section aria-labelledby="runs">
				<div class="heading">
					<h2 id="runs">Runs</h2>
					<isoflop-export-buttons .runs=${runs} .analysis=${analysis} .study=${study}></isoflop-export-buttons>
				</div>
				<isoflop-run-table .runs=${runs} .analysis=${analysis} .highlight=${this.highlight}></isoflop-run-table>
			</section>
		`;
	}
}

/** The envelope along an axis: of what trains where it is analyzed as it does, else of the finished runs; null along tokens and steps. */
function envelopeIn(axis: LossAxis, analysis: StudyAnalysis | null, fits: FitsOfRuns | null): Envelope | null {
	if (axis === "tokens" || axis === "steps") return null;
	if (axis === "total") return analysis?.conventions.total.envelope ?? null;
	if (axis === "nonembedding") return analysis?.conventions.nonEmbedding.envelope ?? null;
	const frontier = fits?.analysis.method1?.frontier;
	return frontier ? { flops: frontier.map(({ flops }) => flops), loss: frontier.map(({ loss }) => loss) } : null;
}

customElements.define("isoflop-runs-panel", RunsPanel);
