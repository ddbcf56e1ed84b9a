import { css, html, LitElement, nothing } from "lit";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { coefficientTable, type TableRow } from "../../analysis/reports/table.ts";
import "./cautions.ts";
import { formatEstimate, formatFit, formatPercent, plural } from "../../figures/format.ts";
import { SCALING_LAWS } from "./scaling-laws.ts";
import { sharedStyles } from "./shared-styles.ts";
import { CONVENTIONS } from "./symbols.ts";

/** The scaling coefficients in both conventions, after Table 1 of Pearce & Song, with intervals and the number of runs behind them. */
export class CoefficientTable extends LitElement {
	static override properties = { analysis: { attribute: false }, severalRates: { type: Boolean } };

	declare analysis: StudyAnalysis | null;
	/** Whether the study tries several learning rates of a size. */
	declare severalRates: boolean;

	constructor() {
		super();
		this.analysis = null;
		this.severalRates = false;
	}

	static override styles = [
		sharedStyles,
		css`
			h3 {
				margin-bottom: 0.35rem;
			}
			tbody th {
				text-align: start;
			}
			.study > * {
				height: 5rem;
				vertical-align: middle;
			}
			.study > th {
				position: relative;
				padding-inline-start: 1.3rem;
			}
			.study > th::before {
				content: "";
				position: absolute;
				left: 0;
				top: calc(50% - 0.95rem);
				width: 0.7rem;
				height: 0.7rem;
				background: var(--color);
			}
			.published {
				font-size: 0.8125rem;
				color: var(--quiet);
			}
			.published > * {
				padding-block: 0.22rem;
				border-bottom: 0;
				font-weight: 400;
			}
			.published > th {
				white-space: normal;
			}
			.published .by {
				white-space: nowrap;
			}
			th.total::before {
				border-radius: 50%;
				--color: var(--total);
			}
			th.nonEmbedding::before {
				--color: var(--non-embedding);
				transform: rotate(45deg) scale(0.85);
			}
			thead th {
				vertical-align: bottom;
			}
			#method {
				margin-bottom: 0.5rem;
				font-size: 0.875rem;
			}
			.law {
				display: block;
				font-size: 0.9375rem;
				color: var(--ink);
			}
			.estimate {
				display: block;
				font-size: 1.125rem;
				font-weight: 600;
				line-height: 1.3;
			}
			.detail {
				display: block;
				font-size: 0.75rem;
				line-height: 1.35;
				color: var(--quiet);
			}
		`,
	];

	override render() {
		const rows = coefficientTable(this.analysis, this.severalRates);
		return html`
			<h3 id="title">Scaling coefficients</h3>
			<p class="quiet" id="method">${caption(this.analysis)}</p>
			<div class="scroll" tabindex="0" role="region" aria-labelledby="title">
				<table aria-labelledby="title" aria-describedby="method">
					<thead>
						<tr>
							<th scope="col">Counted</th>
							${SCALING_LAWS.map(({ label, formula }) => html`<th scope="col">${label} <span class="law">${formula}</span></th>`)}
						</tr>
					</thead>
					<tbody>
						${rows.map((row) => (row.kind === "study" ? studyRow(row) : publishedRow(row)))}
					</tbody>
				</table>
			</div>
			<isoflop-cautions .analysis=${this.analysis}></isoflop-cautions>
		`;
	}
}

function studyRow({ convention, rule, ...cells }: TableRow) {
	const { label, parameters, compute } = CONVENTIONS[convention];
	return html`
		<tr class="study">
			<th scope="row" class=${convention}>
				${label}<span class="detail">this study, by ${parameters} and ${compute}</span>
				${rule === null ? nothing : html`<span class="detail">${rule}</span>`}
			</th>
			${SCALING_LAWS.map(({ law }) => {
				const { estimate, low, high, runs } = cells[law];
				const known = estimate === null ? null : formatFit(estimate, low, high);
				return html`
					<td>
						<span class="estimate">${known?.estimate ?? "–"}</span>
						<span class="detail">${known ? (known.interval ?? "no interval") : "not known yet"}</span>
						<span class="detail">${known ? plural(runs, "run") : ""}</span>
					</td>
				`;
			})}
		</tr>
	`;
}

function publishedRow({ label, source, convention, ...cells }: TableRow) {
	const { parameters, compute } = CONVENTIONS[convention];
	return html`
		<tr class="published" title=${source ?? nothing}>
			<th scope="row">${label} <span class="by">(${parameters}, ${compute})</span></th>
			${SCALING_LAWS.map(({ law }) => {
				const { estimate, low, high, level } = cells[law];
				if (estimate === null) return html`<td><span class="visually-hidden">not published</span></td>`;
				const interval = low === null || high === null ? "" : `${formatPercent(level!)}: ${low} to ${high}`;
				return html`<td>${formatEstimate(estimate)}${interval ? html`<span class="detail">${interval}</span>` : nothing}</td>`;
			})}
		</tr>
	`;
}

function caption(analysis: StudyAnalysis | null): string {
	if (!analysis) return "Exponents with intervals appear once two sizes can be compared.";
	const { resamples, interval } = analysis.options;
	return `Exponents with ${formatPercent(interval)} intervals from ${resamples} bootstrap resamples, by ${METHOD}.`;
}

const METHOD = "the lower envelope of the training curves (Chinchilla's Method 1)";

customElements.define("isoflop-coefficient-table", CoefficientTable);
