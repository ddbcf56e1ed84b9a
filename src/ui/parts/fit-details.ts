import { css, html, LitElement, nothing } from "lit";
import { fitNotes } from "../../analysis/reports/fit-notes.ts";
import { type KnownEstimate, lawRows, predictionRows } from "../../analysis/reports/law-rows.ts";
import { formatLoss, formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import type { LossLaw } from "../../theory/loss-law.ts";
import type { ReplayFit } from "../../worker/replay-protocol.ts";
import { sectionStyles } from "./section-styles.ts";
import { sharedStyles } from "./shared-styles.ts";

/** What an element of fits needs of them. */
type ReadFit = Pick<ReplayFit, "analysis" | "readings">;

/** What the fits say besides exponents: what to know about them, the laws' parameters, and what they predict. */
export class FitDetails extends LitElement {
	static override properties = { fit: { attribute: false }, truth: { attribute: false } };

	declare fit: ReadFit | null;
	declare truth: LossLaw | null;

	constructor() {
		super();
		this.fit = null;
		this.truth = null;
	}

	static override styles = [
		sharedStyles,
		sectionStyles,
		css`
			.notes {
				max-height: 15rem;
				margin: 0.4rem 0 0;
				padding: 0.6rem 0.8rem 0.6rem 1.7rem;
				border-radius: 6px;
				background: var(--sunken);
				color: var(--quiet);
				font-size: 0.875rem;
				overflow: auto;
				overflow-wrap: anywhere;
			}
			.notes li + li {
				margin-top: 0.3rem;
			}
			tbody th {
				text-align: start;
				font-weight: 600;
			}
			.detail {
				display: block;
				font-size: 0.75rem;
				color: var(--quiet);
			}
		`,
	];

	override render() {
		const { fit, truth } = this;
		if (!fit)
			return html`<h2>What to know about the fits</h2>
			<ul class="notes"><li>Nothing yet.</li></ul>`;
		const notes = fitNotes(fit.analysis.notes, fit.readings);
		return html`
			<h2 id="notes">What to know about the fits</h2>
			<ul class="notes" tabindex="0" aria-labelledby="notes">
				${notes.length > 0 ? notes.map((note) => html`<li>${note}</li>`) : html`<li>Nothing out of the ordinary.</li>`}
			</ul>
			${
				notes.some((note) => note.includes("--"))
					? html`<p class="note">
							What begins with -- is an option of isoflop fit, which does what the columns, units and counts do here.
						</p>`
					: nothing
			}
			<details>
				<summary>The laws' parameters</summary>
				${lawsTable(fit, truth)}
			</details>
			<details>
				<summary>What each method says of ten times the compute</summary>
				${predictionsTable(fit, truth)}
			</details>
		`;
	}
}

function lawsTable({ readings }: ReadFit, truth: LossLaw | null) {
	return html`<div class="scroll" tabindex="0" role="region" aria-label="Parameters of the laws">
		<table>
			<thead>
				<tr>
					<th scope="col">Law</th>
					<th scope="col">Parameter</th>
					<th scope="col">Estimate</th>
					<th scope="col">Interval</th>
					${truth ? html`<th scope="col">Truth</th>` : nothing}
				</tr>
			</thead>
			<tbody>
				${lawRows(readings, truth).map(({ title, parameters }) =>
					parameters.map(
						({ name, estimate, low, high, truth: known }, i) => html`<tr>
							<th scope="row">${i === 0 ? title : html`<span class="visually-hidden">${title}</span>`}</th>
							<td><i>${name}</i></td>
							<td>${significant(estimate)}</td>
							<td>${low === null || high === null ? "no interval" : `${significant(low)} to ${significant(high)}`}</td>
							${truth ? html`<td>${known === null ? "" : significant(known)}</td>` : nothing}
						</tr>`,
					),
				)}
			</tbody>
		</table>
	</div>`;
}

function predictionsTable({ readings }: ReadFit, truth: LossLaw | null) {
	const rows = predictionRows(readings, truth);
	return html`<div class="scroll" tabindex="0" role="region" aria-label="Predictions">
		<table>
			<thead>
				<tr>
					<th scope="col">Method</th>
					<th scope="col"><i>C</i>, FLOP</th>
					<th scope="col">Size <i>N</i>*</th>
					<th scope="col">Tokens <i>D</i>*</th>
					<th scope="col">Loss <i>L</i>*</th>
				</tr>
			</thead>
			<tbody>
				${rows.map(({ title, flops, values: [size, tokens, loss] }) => {
					return html`<tr>
						<th scope="row">${title}</th>
						<td>${formatScientific(flops)}</td>
						${predicted(size, formatAmount)} ${predicted(tokens, formatAmount)} ${predicted(loss, formatLoss)}
					</tr>`;
				})}
			</tbody>
		</table>
	</div>`;
}

function predicted(value: KnownEstimate | undefined, format: (value: number) => string) {
	if (!value) return html`<td><span class="visually-hidden">not of this method</span></td>`;
	const { estimate, low, high, truth } = value;
	return html`<td>
		${format(estimate)}
		<span class="detail">${low === null || high === null ? "no interval" : `${format(low)} to ${format(high)}`}</span>
		${truth === null ? nothing : html`<span class="detail">truth ${format(truth)}</span>`}
	</td>`;
}

function significant(value: number): string {
	return Math.abs(value) >= 1e5 ? formatAmount(value) : value.toPrecision(4);
}

customElements.define("isoflop-fit-details", FitDetails);
