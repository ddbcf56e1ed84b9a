import { css, html, LitElement, nothing } from "lit";
import {
	analyseStudy,
	type Convention,
	coefficientTable,
	type StudyAnalysis,
	type TableRow,
} from "../analysis/index.ts";
import { formatEstimate, formatFit, formatPercent, plural } from "./format.ts";
import { sharedStyles } from "./shared-styles.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "./symbols.ts";

type Law = "allocation" | "tokens" | "lossNoOffset" | "lossWithOffset";

/** The table's columns; `plain` names the law in sentences. */
const COLUMNS: readonly { law: Law; words: string; formula: unknown; plain: string }[] = [
	{
		law: "allocation",
		words: "Best size",
		formula: html`<i>N</i>* ∝ <i>C</i><sup> <i>a</i></sup>`,
		plain: "best size",
	},
	{
		law: "tokens",
		words: "Best tokens",
		formula: html`<i>D</i>* ∝ <i>C</i><sup> <i>b</i></sup>`,
		plain: "best tokens",
	},
	{
		law: "lossNoOffset",
		words: "Loss",
		formula: html`<i>L</i>* ∝ <i>C</i><sup> −<i>γ</i></sup>`,
		plain: "loss without offset",
	},
	{
		law: "lossWithOffset",
		words: "Loss above a floor",
		formula: html`<i>L</i>* − <i>E</i> ∝ <i>C</i><sup> −<i>γ</i></sup>`,
		plain: "loss with offset",
	},
];

/** What the table shows before there are runs. */
const NOTHING_YET = analyseStudy([], { resamples: 0 });

/** The scaling coefficients in both conventions, after Table 1 of Pearce & Song, with intervals and what they rest on. */
export class CoefficientTable extends LitElement {
	static override properties = { analysis: { attribute: false } };

	declare analysis: StudyAnalysis | null;

	constructor() {
		super();
		this.analysis = null;
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
				background: var(--colour);
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
				--colour: var(--total);
			}
			th.nonEmbedding::before {
				--colour: var(--non-embedding);
				transform: rotate(45deg) scale(0.85);
			}
			thead th {
				vertical-align: bottom;
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
			h4 {
				margin: 0.9rem 0 0.3rem;
				font-size: 0.875rem;
			}
			.cautions {
				height: 7.5rem;
				margin: 0;
				padding: 0.6rem 0.8rem 0.6rem 1.7rem;
				border-radius: 6px;
				background: var(--sunken);
				color: var(--quiet);
				font-size: 0.875rem;
				overflow: auto;
				overflow-wrap: anywhere;
			}
			.cautions.some {
				background: var(--warning-surface);
				color: var(--warning-ink);
			}
			.cautions li + li {
				margin-top: 0.3rem;
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
				max-height: 14rem;
				margin: 0.4rem 0 0;
				padding-inline-start: 1.2rem;
				overflow: auto;
			}
			code {
				font-family: var(--wa-font-family-code);
				font-size: 0.9em;
			}
		`,
	];

	override render() {
		const rows = coefficientTable(this.analysis ?? NOTHING_YET);
		return html`
			<h3 id="title">Scaling coefficients</h3>
			<div class="scroll" tabindex="0" role="region" aria-labelledby="title">
				<table>
					<caption>
						${caption(this.analysis)}
					</caption>
					<thead>
						<tr>
							<th scope="col">Counted</th>
							${COLUMNS.map(({ words, formula }) => html`<th scope="col">${words} <span class="law">${formula}</span></th>`)}
						</tr>
					</thead>
					<tbody>
						${rows.map((row) => (row.kind === "study" ? this.studyRow(row) : publishedRow(row)))}
					</tbody>
				</table>
			</div>
			${this.warnings()} ${this.leftOut()}
		`;
	}

	private studyRow({ convention, ...cells }: TableRow) {
		const { words, parameters, compute } = CONVENTIONS[convention];
		return html`
			<tr class="study">
				<th scope="row" class=${convention}>
					${words}<span class="detail">this study, by ${parameters} and ${compute}</span>
				</th>
				${COLUMNS.map(({ law }) => {
					const { estimate, low, high } = cells[law];
					const known = estimate === null ? null : formatFit(estimate, low, high);
					const runs = this.analysis?.conventions[convention][law].runs.length ?? 0;
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

	private warnings() {
		const texts = this.analysis ? cautions(this.analysis) : [];
		return html`
			<h4 id="cautions">What to beware of</h4>
			<ul class="cautions ${texts.length > 0 ? "some" : ""}" tabindex="0" aria-labelledby="cautions">
				${texts.length > 0 ? texts.map((text) => html`<li>${text}</li>`) : html`<li>Nothing so far.</li>`}
			</ul>
		`;
	}

	private leftOut() {
		const runs = this.analysis?.leftOut ?? [];
		return html`
			<details>
				<summary>${plural(runs.length, "run")} left out of the fits${runs.length > 0 ? ", and why" : ""}</summary>
				<ul tabindex="0" aria-label="Runs left out">
					${runs.map(({ run, reason }) => html`<li><code>${run}</code> ${reason}</li>`)}
				</ul>
			</details>
		`;
	}
}

function publishedRow({ label, source, convention, ...cells }: TableRow) {
	const { parameters, compute } = CONVENTIONS[convention];
	return html`
		<tr class="published" title=${source ?? nothing}>
			<th scope="row">${label} <span class="by">(${parameters}, ${compute})</span></th>
			${COLUMNS.map(({ law }) => {
				const { estimate, low, high, level } = cells[law];
				if (estimate === null) return html`<td><span class="visually-hidden">not published</span></td>`;
				const interval = low === null || high === null ? "" : `${formatPercent(level!)}: ${low} to ${high}`;
				return html`<td>${formatEstimate(estimate)}${interval ? html`<span class="detail">${interval}</span>` : nothing}</td>`;
			})}
		</tr>
	`;
}

function caption(analysis: StudyAnalysis | null): string {
	if (!analysis) return "Exponents with their intervals, as soon as two sizes can be compared.";
	const { resamples, interval } = analysis.options;
	return `Exponents with ${formatPercent(interval)} intervals from ${resamples} bootstrap resamples, by ${METHOD}.`;
}

const METHOD = "the lower envelope of the training curves (Chinchilla's Method 1)";

/** What is missing and what to beware of; each said once, with the fits it concerns. */
function cautions(analysis: StudyAnalysis): string[] {
	const concerned = new Map<string, { convention: Convention; law: string }[]>();
	for (const convention of CONVENTION_ORDER) {
		for (const { plain, law } of COLUMNS) {
			const { reason, warnings } = analysis.conventions[convention][law];
			for (const text of [...(reason === null ? [] : [`not known yet: ${reason}`]), ...warnings]) {
				concerned.set(text, [...(concerned.get(text) ?? []), { convention, law: plain }]);
			}
		}
	}
	return [...analysis.warnings, ...[...concerned].map(([text, fits]) => `${capital(subject(fits))}: ${text}`)];
}

/** "all parameters; without embeddings (best size, best tokens)": laws are named where not all are meant. */
function subject(fits: { convention: Convention; law: string }[]): string {
	return CONVENTION_ORDER.flatMap((convention) => {
		const laws = fits.filter((fit) => fit.convention === convention).map((fit) => fit.law);
		if (laws.length === 0) return [];
		const words = CONVENTIONS[convention].words.toLowerCase();
		return laws.length === COLUMNS.length ? words : `${words} (${laws.join(", ")})`;
	}).join("; ");
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

customElements.define("isoflop-coefficient-table", CoefficientTable);
