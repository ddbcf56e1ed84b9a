import { css, html, LitElement, nothing } from "lit";
import type { Reading } from "../../analysis/methods/fit-method.ts";
import {
	type ExponentCell,
	type ExponentRow,
	exponentRows,
	METHOD_TITLES,
	trueExponents,
} from "../../analysis/reports/exponent-rows.ts";
import { plural } from "../../figures/format.ts";
import type { LossLaw } from "../../theory/loss-law.ts";
import { SCALING_LAWS } from "./scaling-laws.ts";
import { sharedStyles } from "./shared-styles.ts";

/** The exponents by method, each beside the truth where it is known. */
export class ExponentTable extends LitElement {
	static override properties = { readings: { attribute: false }, truth: { attribute: false }, opened: { state: true } };

	declare readings: readonly Reading[];
	declare truth: LossLaw | null;
	/** Titles of the methods whose remarks are shown. */
	declare private opened: ReadonlySet<string>;

	constructor() {
		super();
		this.readings = [];
		this.truth = null;
		this.opened = new Set();
	}

	static override styles = [
		sharedStyles,
		css`
			tbody th {
				text-align: start;
				white-space: normal;
				min-width: 7rem;
			}
			th,
			td {
				padding-inline: 0.4rem;
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
			td button {
				all: unset;
				padding: 0.1rem 0.4rem;
				border-radius: 4px;
				background: var(--warning-surface);
				color: var(--warning-ink);
				cursor: pointer;
			}
			td button:focus-visible {
				outline: var(--focus-ring);
				outline-offset: 2px;
			}
			.remarks > td {
				height: auto;
				padding: 0.5rem 0.75rem;
				background: var(--sunken);
				color: var(--quiet);
				font-size: 0.8125rem;
				text-align: start;
				white-space: normal;
				overflow-wrap: anywhere;
			}
			.remarks ul {
				max-width: 46rem;
				margin: 0;
				padding-inline-start: 1.2rem;
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
							<th scope="col">Remarks</th>
						</tr>
					</thead>
					<tbody>
						${this.truth ? truthRow(this.truth) : nothing}
						${
							this.readings.length > 0
								? exponentRows(this.readings, this.truth).map((row) => this.methodRows(row))
								: METHOD_TITLES.map(emptyRow)
						}
					</tbody>
				</table>
			</div>
		`;
	}

	/** The row of a method, and its remarks below it where they are open. */
	private methodRows(row: ExponentRow) {
		const { title, remarks } = row;
		const open = this.opened.has(title);
		const id = `remarks-${title.replaceAll(/\W+/g, "-")}`;
		const cell =
			remarks.length === 0
				? html`<span class="holds" aria-hidden="true">✓</span><span class="visually-hidden">none</span>`
				: html`<button
						type="button"
						aria-expanded=${open}
						aria-controls=${id}
						aria-label="${plural(remarks.length, "remark")} on ${title}"
						@click=${() => this.toggle(title)}
					>
						<span aria-hidden="true">⚠</span> ${remarks.length}
					</button>`;
		return html`${methodRow(row, cell)}
		${
			open && remarks.length > 0
				? html`<tr id=${id} class="remarks">
						<td colspan=${SCALING_LAWS.length + 3}><ul>${remarks.map((remark) => html`<li>${remark}</li>`)}</ul></td>
					</tr>`
				: nothing
		}`;
	}

	private toggle(title: string): void {
		const opened = new Set(this.opened);
		if (!opened.delete(title)) opened.add(title);
		this.opened = opened;
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
		<td></td>
	</tr>`;
}

function emptyRow(title: string) {
	return html`<tr>
		<th scope="row">${title}</th>
		${SCALING_LAWS.map(() => html`<td class="detail">–</td>`)}
		<td></td>
		<td></td>
	</tr>`;
}

function methodRow({ title, cells, reason, points }: ExponentRow, remarks: unknown) {
	return html`<tr>
		<th scope="row">${title}</th>
		${
			reason !== null
				? html`<td class="reason" colspan=${SCALING_LAWS.length}>not determined: ${reason}</td>`
				: SCALING_LAWS.map(({ law }) => exponentCell(cells[law]))
		}
		<td>${points}</td>
		<td>${remarks}</td>
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
