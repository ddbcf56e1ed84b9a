import { css, html, LitElement, nothing } from "lit";
import type { ModelConfig } from "../../../architecture/config.ts";
import {
	formatCount,
	formatDuration,
	formatPercent,
	formatPower,
	formatScientific,
	plural,
} from "../../../figures/format.ts";
import { LAPTOP_GPU, secondsFor } from "../../../study/cost.ts";
import { expectationTexts } from "../../../study/expectation-text.ts";
import type { Plan, RunPlan } from "../../../study/plan.ts";
import { predictPlan } from "../../../study/prediction.ts";
import { EPOCH } from "../../../theory/specifications.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { C_NON_EMBEDDING, C_TOTAL, N_NON_EMBEDDING, N_TOTAL, TOKENS } from "../../parts/symbols.ts";
import { sizeKey } from "../../state/run-view.ts";

/** What a study comes to before it runs: its sizes, its runs, their cost, and warnings. */
export class StudyNumbers extends LitElement {
	static override properties = {
		plan: { attribute: false },
		finished: { type: Number },
		estimate: { type: Number },
		probed: { type: Boolean },
	};

	declare plan: Plan | null;
	/** How many runs are finished and stored. */
	declare finished: number;
	/** Estimated seconds for the missing runs; null while unknown. */
	declare estimate: number | null;
	/** Whether the estimate rests on a quick measurement instead of a study. */
	declare probed: boolean;

	constructor() {
		super();
		this.plan = null;
		this.finished = 0;
		this.estimate = null;
		this.probed = false;
	}

	static override styles = [
		sharedStyles,
		css`
			table {
				font-size: 0.8125rem;
			}
			th,
			td {
				padding: 0.25rem 0.22rem;
			}
			thead th {
				font-size: 0.75rem;
				vertical-align: bottom;
			}
			dl {
				display: grid;
				grid-template-columns: auto 1fr;
				gap: 0.2rem 1rem;
				margin: 0.9rem 0 0;
				font-size: 0.875rem;
				font-variant-numeric: tabular-nums;
			}
			dt {
				color: var(--quiet);
			}
			dd {
				margin: 0;
				text-align: end;
			}
			details {
				margin-top: 0.6rem;
				font-size: 0.875rem;
			}
			summary {
				width: fit-content;
				color: var(--accent);
				cursor: pointer;
			}
			details ul {
				margin: 0.4rem 0 0;
				padding-inline-start: 1.2rem;
				overflow-wrap: anywhere;
			}
			.warnings {
				margin: 0.9rem 0 0;
				padding: 0.6rem 0.8rem 0.6rem 1.7rem;
				border-radius: 6px;
				background: var(--warning-surface);
				color: var(--warning-ink);
				font-size: 0.875rem;
			}
			.warnings li + li {
				margin-top: 0.35rem;
			}
		`,
	];

	override render() {
		const { plan } = this;
		if (!plan) return html`<p class="quiet">Sizes and cost appear here once the study is valid.</p>`;
		const { totals, warnings } = plan;
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Model sizes">
				<table>
					<thead>
						<tr>
							<th scope="col">Width ×<br />layers ×<br />heads</th>
							<th scope="col">All<br />${N_TOTAL}</th>
							<th scope="col">No emb.<br />${N_NON_EMBEDDING}</th>
							<th scope="col">Emb.<br />share</th>
							<th scope="col">Tokens<br />${TOKENS}</th>
							<th scope="col">FLOP<br />${C_TOTAL}</th>
							<th scope="col">FLOP<br />${C_NON_EMBEDDING}</th>
						</tr>
					</thead>
					<tbody>
						${sizesOf(plan).map(({ model, run }) => {
							const { parameters, flops, tokens } = run;
							return html`
								<tr>
									<td>${sizeText(model)}</td>
									<td>${formatCount(parameters.total)}</td>
									<td>${formatCount(parameters.nonEmbedding)}</td>
									<td>${formatPercent(1 - parameters.nonEmbedding / parameters.total)}</td>
									<td>${formatCount(tokens)}</td>
									<td>${formatPower(flops.total, 1)}</td>
									<td>${formatPower(flops.nonEmbedding, 1)}</td>
								</tr>
							`;
						})}
					</tbody>
				</table>
			</div>
			<dl>
				<dt>Runs</dt>
				<dd>${totals.runs}${this.finished > 0 ? `, ${this.finished} finished` : nothing}</dd>
				<dt>Total training tokens</dt>
				<dd>${formatCount(totals.tokens)}</dd>
				<dt>Total compute (6<i>ND</i>, ${C_TOTAL})</dt>
				<dd>${formatScientific(totals.flops.total)} FLOP</dd>
				<dt>Estimated time</dt>
				<dd>${this.time(plan)}</dd>
			</dl>
			${expected(plan)}
			${
				warnings.length > 0
					? html`<ul class="warnings" aria-label=${plural(warnings.length, "warning")}>
							${warnings.map((warning) => html`<li>${warning}</li>`)}
						</ul>`
					: nothing
			}
		`;
	}

	private time(plan: Plan): string {
		if (this.finished >= plan.totals.runs) return "none: all runs are finished";
		const source = this.probed ? "a quick measurement" : "the last study";
		if (this.estimate !== null) return `about ${formatDuration(this.estimate)}, going by ${source}`;
		return `about ${formatDuration(secondsFor(plan.totals.cost, LAPTOP_GPU))} on a typical laptop GPU`;
	}
}

/** What studies like it showed, and whether its budgets reach the crossings. */
function expected(plan: Plan) {
	const texts = expectationTexts(predictPlan(plan, EPOCH.law));
	if (texts.length === 0) return nothing;
	return html`
		<details class="quiet">
			<summary>What to expect</summary>
			<ul>
				${texts.map((text) => html`<li>${text}</li>`)}
			</ul>
		</details>
	`;
}

function sizeText(model: ModelConfig): string {
	const last = model.architecture === "lstm" ? " LSTM" : `×${model.heads}`;
	return `${model.width}×${model.layers}${last}`;
}

/** One row per size and budget, in the plan's order. */
function sizesOf(plan: Plan): { model: ModelConfig; run: RunPlan }[] {
	const rows = new Map<string, { model: ModelConfig; run: RunPlan }>();
	for (const { id, spec } of plan.runs) {
		const run = plan.perRun[id]!;
		rows.set(`${sizeKey(spec.model)} ${run.tokens}`, { model: spec.model, run });
	}
	return [...rows.values()].sort(
		(a, b) => a.run.parameters.total - b.run.parameters.total || a.run.tokens - b.run.tokens,
	);
}

customElements.define("isoflop-study-numbers", StudyNumbers);
