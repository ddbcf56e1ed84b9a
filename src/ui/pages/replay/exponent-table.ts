import { css, html, LitElement, nothing } from "lit";
import type { Reading } from "../../../analysis/methods/fit-method.ts";
import {
	type ExponentCell,
	type ExponentRow,
	exponentRows,
	METHOD_TITLES,
	trueExponents,
} from "../../../analysis/reports/exponent-rows.ts";
import type { LossLaw } from "../../../theory/loss-law.ts";
import { SCALING_LAWS } from "../../parts/scaling-laws.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** The exponents by method, each beside the truth where it is known. */
export class ExponentTable extends LitElement {
	static override properties = { readings: { attribute: false }, truth: { attribute: false } };

	declare readings: readonly Reading[];
	declare truth: LossLaw | null;

	constructor() {
		super();
		this.readings = [];
		this.truth = null;
	}

	static override styles = [
		sharedStyles,
		css`
			tbody th {
				text-align: start;
				white-space: normal;
				min-width: 9rem;
			}
			thead th {
				vertical-align: bottom;
			}
			/* As high without numbers. */
			tbody > tr > * {
				height: 3.4rem;
				padding-block: 0.1rem;
				vertical-align: middle;
				line-height: 1.3;
			}
			tbody > .truth > * {
				height: 2.4rem;
			}
			.law {
				display: block;
				color: var(--ink);
				font-size: 0.9375rem;
			}
			td.detail {
				color: var(--quiet);
			}
			.estimate {
				font-weight: 600;
				font-size: 0.9375rem;
			}
			span.detail {
				display: block;
				font-size: 0.75rem;
				color: var(--quiet);
			}
			.truth > * {
				background: color-mix(in srgb, var(--accent) 8%, transparent);
			}
			span.holds {
				color: var(--good-ink);
			}
			span.misses {
				color: var(--danger-ink);
			}
			.reason {
				min-width: 16rem;
				text-align: start;
				white-space: normal;
				font-size: 0.8125rem;
				color: var(--quiet);
				overflow-wrap: anywhere;
			}
		`,
	];

	override render() {
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Exponents by method">
				<table>
					<thead>
						<tr>
							<th scope="col">Method</th>
							${SCALING_LAWS.map(({ label, formula }) => html`<th scope="col">${label} <span class="law">${formula}</span></th>`)}
							<th scope="col">Points</th>
						</tr>
					</thead>
					<tbody>
						${this.truth ? truthRow(this.truth) : nothing}
						${
							this.readings.length > 0
								? exponentRows(this.readings, this.truth).map(methodRow)
								: METHOD_TITLES.map(emptyRow)
						}
					</tbody>
				</table>
			</div>
		`;
	}
}

function truthRow(truth: LossLaw) {
	const exact = trueExponents(truth);
	return html`<tr class="truth">
		<th scope="row">Truth</th>
		${SCALING_LAWS.map(({ law }) => {
			const value = exact[law];
			return value === null
				? html`<td><span class="detail">no power law</span></td>`
				: html`<td><span class="estimate">${value.toFixed(3)}</span></td>`;
		})}
		<td></td>
	</tr>`;
}

function emptyRow(title: string) {
	return html`<tr>
		<th scope="row">${title}</th>
		${SCALING_LAWS.map(() => html`<td class="detail">–</td>`)}
		<td></td>
	</tr>`;
}

function methodRow({ title, cells, reason, points }: ExponentRow) {
	return html`<tr>
		<th scope="row">${title}</th>
		${
			reason !== null
				? html`<td class="reason" colspan=${SCALING_LAWS.length}>not determined: ${reason}</td>`
				: SCALING_LAWS.map(({ law }) => exponentCell(cells[law]))
		}
		<td>${points}</td>
	</tr>`;
}

function exponentCell(cell: ExponentCell | null) {
	if (cell === null) return html`<td><span class="visually-hidden">not of this method</span></td>`;
	const { estimate, low, high, truth, holds } = cell;
	if (estimate === null) return html`<td><span class="detail">not determined</span></td>`;
	return html`<td>
		<span class="estimate">${estimate.toFixed(3)}</span>
		<span class="detail">${low === null || high === null ? "no interval" : `${low.toFixed(3)} to ${high.toFixed(3)}`}</span>
		${
			truth === null
				? nothing
				: html`<span class="detail ${holds === null ? "" : holds ? "holds" : "misses"}"
						>${holds === null ? "" : holds ? "✓ holds " : "✗ misses "}truth ${truth.toFixed(3)}</span
					>`
		}
	</td>`;
}

customElements.define("isoflop-exponent-table", ExponentTable);
