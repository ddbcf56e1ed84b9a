import { css, html, LitElement, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import type { FitsOfRuns } from "../../../study/fits-of-runs.ts";
import "@awesome.me/webawesome/dist/components/checkbox/checkbox.js";
import { plural } from "../../../figures/format.ts";
import "../../charts/figure-view.ts";
import "../../charts/loss-axis.ts";
import type { LossAxis } from "../../charts/loss-axes.ts";
import type { LossAbscissa } from "../../charts/loss-axis.ts";
import { type Envelope, lossFigure } from "../../charts/loss-figure.ts";
import "../../parts/export-buttons.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import "../../parts/run-table.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { type RunView, resultsOf, withSeconds } from "../../state/run-view.ts";
import { Selected } from "../../state/selected.ts";
import { selectRuns } from "../../state/selectors.ts";
import { emptyTexts } from "./texts.ts";

/** The study's runs: their loss curves, their table, and the files to save. */
export class RunsPanel extends LitElement {
	static override properties = {
		highlight: { attribute: false },
		lossAxis: { state: true },
		meanOfSeeds: { state: true },
		hiddenRuns: { state: true },
		seconds: { state: true },
	};

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	declare lossAxis: LossAbscissa;
	declare meanOfSeeds: boolean;
	/** Ids of the runs that the loss figure leaves out. */
	declare hiddenRuns: ReadonlySet<string>;
	/** How long stored runs took, by id, once it was asked for. */
	declare seconds: Readonly<Record<string, number>>;
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
		this.meanOfSeeds = false;
		this.hiddenRuns = new Set();
		this.seconds = {};
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
			button.link {
				all: unset;
				color: var(--accent);
				cursor: pointer;
				text-decoration: underline;
			}
			button.link:focus-visible {
				border-radius: 2px;
				outline: var(--focus-ring);
				outline-offset: 2px;
			}
		`,
	];

	override render() {
		const { analysis, study, empty, counting, fits } = this.lab.state;
		const runs = withSeconds(this.lab.state.runs, this.seconds);
		const axis = this.lossAxis === "compute" ? counting : this.lossAxis;
		return html`
			<section aria-label="Loss">
				<isoflop-figure
					level="2"
					.figure=${guard(
						[this.lab.state.runs, this.seconds, analysis, axis, fits, empty, this.meanOfSeeds, this.hiddenRuns],
						() =>
							lossFigure(runs, {
								...{ analysis, axis, empty, meanOfSeeds: this.meanOfSeeds, hidden: this.hiddenRuns },
								envelope: envelopeIn(axis, analysis, fits),
							}),
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
					${severalSeeds(runs) ? this.seedsChoice() : nothing}
				</isoflop-figure>
			</section>
			<section aria-labelledby="runs">
				<div class="heading">
					<h2 id="runs">Runs</h2>
					<isoflop-export-buttons .runs=${runs} .analysis=${analysis} .study=${study}></isoflop-export-buttons>
				</div>
				${this.hiddenNote(runs)}
				<isoflop-run-table
					.runs=${runs}
					.analysis=${analysis}
					.highlight=${this.highlight}
					.hiddenRuns=${this.hiddenRuns}
					@isoflop-hide=${(event: CustomEvent<ReadonlySet<string>>) => {
						this.hiddenRuns = event.detail;
					}}
				></isoflop-run-table>
			</section>
		`;
	}

	/** Asks how long the stored runs took when that is to be drawn, and again when more are stored. */
	override updated(): void {
		if (this.lossAxis !== "seconds") return;
		const ids = resultsOf(this.lab.state.runs).map(({ id }) => id);
		if (ids.join() === this.asked) return;
		this.asked = ids.join();
		void this.lab.effects.secondsOf(ids).then((seconds) => {
			this.seconds = seconds;
		});
	}

	private asked = "";

	private seedsChoice() {
		return html`
			<wa-checkbox
				slot="options"
				size="s"
				.checked=${this.meanOfSeeds}
				@change=${(event: Event) => {
					this.meanOfSeeds = (event.target as HTMLInputElement).checked;
				}}
			>
				Mean of seeds
			</wa-checkbox>
		`;
	}

	private hiddenNote(runs: readonly RunView[]) {
		const count = runs.filter(({ id }) => this.hiddenRuns.has(id)).length;
		if (count === 0) return nothing;
		return html`
			<p class="quiet">
				${plural(count, "run")} hidden in the loss figure; the fits use all runs.
				<button
					type="button"
					class="link"
					@click=${() => {
						this.hiddenRuns = new Set();
					}}
				>
					Show all
				</button>
			</p>
		`;
	}
}

function severalSeeds(runs: readonly RunView[]): boolean {
	return new Set(runs.map(({ spec }) => spec.seed)).size > 1;
}

/** The envelope along an axis: of what trains where it is analyzed as it does, else of the finished runs; null along all else. */
function envelopeIn(axis: LossAxis, analysis: StudyAnalysis | null, fits: FitsOfRuns | null): Envelope | null {
	if (axis === "tokens" || axis === "steps" || axis === "seconds") return null;
	if (axis === "total") return analysis?.conventions.total.envelope ?? null;
	if (axis === "nonembedding") return analysis?.conventions.nonEmbedding.envelope ?? null;
	const frontier = fits?.analysis.method1?.frontier;
	return frontier ? { flops: frontier.map(({ flops }) => flops), loss: frontier.map(({ loss }) => loss) } : null;
}

customElements.define("isoflop-runs-panel", RunsPanel);
