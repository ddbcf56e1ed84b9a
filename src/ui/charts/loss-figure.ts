import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "./log-chart.ts";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { ThemeController } from "../app/theme.ts";
import { formatCount, formatLoss, formatRate, plural } from "../parts/format.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import { C_NON_EMBEDDING, C_TOTAL, N_TOTAL, TOKENS } from "../parts/symbols.ts";
import { finalTrainingLoss, type RunView, sizeKey, sizeOrder, tokensSeen } from "../state/run-view.ts";
import { figureStyles } from "./figure-styles.ts";
import { type LossAxis, lossScene } from "./loss-scene.ts";
import { sizeColour } from "./palette.ts";

const AXES: Record<LossAxis, { name: unknown; plain: string }> = {
	total: { name: html`Compute, all parameters (${C_TOTAL}, FLOP)`, plain: "compute with all parameters" },
	nonEmbedding: {
		name: html`Compute without embeddings (${C_NON_EMBEDDING}, FLOP)`,
		plain: "compute without embeddings",
	},
	tokens: { name: html`Training tokens (${TOKENS})`, plain: "training tokens" },
};

/** Every run's loss as it trains, coloured by model size, with the envelope of the best losses at each compute. */
export class LossFigure extends LitElement {
	static override properties = {
		runs: { attribute: false },
		analysis: { attribute: false },
		empty: {},
		axis: { state: true },
	};
	static override styles = [
		sharedStyles,
		figureStyles,
		css`
			wa-radio-group::part(form-control-label) {
				display: none;
			}
		`,
	];

	declare runs: readonly RunView[];
	declare analysis: StudyAnalysis | null;
	declare empty: string;
	declare axis: LossAxis;
	private readonly theme = new ThemeController(this);

	constructor() {
		super();
		this.runs = [];
		this.analysis = null;
		this.empty = "";
		this.axis = "total";
	}

	override render() {
		const scene = lossScene(this.runs, this.analysis, this.axis, this.theme.dark);
		const started = this.runs.filter((run) => run.curve.loss.length > 0);
		const label = `Training loss against ${AXES[this.axis].plain}, both on logarithmic axes: ${plural(started.length, "curve")}.`;
		return html`
			<figure>
				<div class="heading">
					<h2>Loss as the runs train</h2>
					<wa-radio-group
						label="Horizontal axis"
						size="s"
						orientation="horizontal"
						.value=${this.axis}
						@change=${(event: Event) => {
							this.axis = (event.target as HTMLInputElement).value as LossAxis;
						}}
					>
						<wa-radio appearance="button" value="total">${C_TOTAL}</wa-radio>
						<wa-radio appearance="button" value="nonEmbedding">${C_NON_EMBEDDING}</wa-radio>
						<wa-radio appearance="button" value="tokens">${TOKENS}</wa-radio>
					</wa-radio-group>
				</div>
				<div class="axis y">Training loss (nats per token)</div>
				<div class="canvas">
					<isoflop-log-chart .scene=${scene} .label=${label}></isoflop-log-chart>
					${scene ? nothing : html`<div class="empty">${this.empty}</div>`}
				</div>
				<div class="axis x">${AXES[this.axis].name}</div>
				${this.legend()} ${this.table(started)}
			</figure>
		`;
	}

	private legend() {
		const order = sizeOrder(this.runs);
		const sizes = [...order].map(([key, index]) => {
			const run = this.runs.find((candidate) => sizeKey(candidate.spec.model) === key)!;
			return html`
				<li>
					<svg width="22" height="8" aria-hidden="true">
						<path d="M0 4H22" stroke=${sizeColour(index, order.size, this.theme.dark)} stroke-width="3" />
					</svg>
					${formatCount(run.parameters.total)}
				</li>
			`;
		});
		return html`
			<ul class="legend" aria-label="Legend: model sizes">
				<li class="quiet"><span>Size ${N_TOTAL}:</span></li>
				${sizes}
				<li>
					<svg width="34" height="8" aria-hidden="true">
						<path d="M0 4H34" stroke="currentColor" stroke-width="2" stroke-dasharray="6 3" />
					</svg>
					best loss at each compute
				</li>
				<li class="quiet">pale: another learning rate was better</li>
			</ul>
		`;
	}

	private table(started: RunView[]) {
		return html`
			<details>
				<summary>Show the curves' ends as a table</summary>
				<div class="scroll" tabindex="0" role="region" aria-label="Ends of the loss curves">
					<table>
						<thead>
							<tr>
								<th scope="col">Size ${N_TOTAL}</th>
								<th scope="col">Learning rate</th>
								<th scope="col">Seed</th>
								<th scope="col">Tokens ${TOKENS}</th>
								<th scope="col">Training loss</th>
							</tr>
						</thead>
						<tbody>
							${started.map((run) => {
								const loss = finalTrainingLoss(run.curve);
								return html`
									<tr>
										<td>${formatCount(run.parameters.total)}</td>
										<td>${formatRate(run.spec.optimizer.learningRate)}</td>
										<td>${run.spec.seed}</td>
										<td>${formatCount(tokensSeen(run))}</td>
										<td>${loss === null ? "–" : formatLoss(loss)}</td>
									</tr>
								`;
							})}
						</tbody>
					</table>
				</div>
			</details>
		`;
	}
}

customElements.define("isoflop-loss-figure", LossFigure);
