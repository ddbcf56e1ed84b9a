import { css, html, LitElement } from "lit";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { RunView } from "../state/run-view.ts";
import { COLUMNS, type Column } from "./run-columns.ts";
import { sharedStyles } from "./shared-styles.ts";

/** A table of runs, sortable by any column. */
export class RunTable extends LitElement {
	static override properties = {
		runs: { attribute: false },
		analysis: { attribute: false },
		sortedBy: { state: true },
		descending: { state: true },
	};

	declare runs: readonly RunView[];
	declare analysis: StudyAnalysis | null;
	declare sortedBy: string | null;
	declare descending: boolean;

	constructor() {
		super();
		this.runs = [];
		this.analysis = null;
		this.sortedBy = null;
		this.descending = false;
	}

	static override styles = [
		sharedStyles,
		css`
			.scroll {
				max-height: 26rem;
				overflow: auto;
			}
			thead th {
				position: sticky;
				top: 0;
				background: var(--surface);
				z-index: 1;
			}
			th:first-child .arrow {
				position: absolute;
				right: 0.5rem;
			}
			th button {
				all: unset;
				cursor: pointer;
				white-space: nowrap;
			}
			th button:hover {
				color: var(--ink);
			}
			th button:focus-visible {
				outline: var(--focus-ring);
				outline-offset: 2px;
				border-radius: 2px;
			}
			.arrow {
				display: inline-block;
				width: 1em;
				text-align: center;
			}
			.chosen {
				padding: 0 0.35em;
				border: 1px solid currentColor;
				border-radius: 3px;
				font-size: 0.75rem;
				color: var(--good-ink);
			}
			.status {
				display: inline-block;
				min-width: 8.5em;
			}
			.track {
				display: inline-block;
				width: 4.5rem;
				height: 0.3rem;
				border-radius: 2px;
				background: var(--line);
				vertical-align: middle;
			}
			.track span {
				display: block;
				height: 100%;
				border-radius: 2px;
				background: var(--accent);
			}
			.status.diverged {
				color: var(--danger-ink);
				font-weight: 600;
			}
			.status.waiting {
				color: var(--quiet);
			}
			.status.training {
				color: var(--accent);
				font-weight: 600;
			}
		`,
	];

	override render() {
		const chosen = new Set(this.analysis?.chosen.flatMap((size) => size.runIds) ?? []);
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Table of runs">
				<table>
					<thead>
						<tr>
							${COLUMNS.map((column) => this.header(column))}
						</tr>
					</thead>
					<tbody>
						${this.sorted().map(
							(run) =>
								html`<tr>${COLUMNS.map((column) => html`<td>${column.show(run, chosen.has(run.id))}</td>`)}</tr>`,
						)}
					</tbody>
				</table>
			</div>
		`;
	}

	private header(column: Column) {
		const active = this.sortedBy === column.id;
		return html`
			<th scope="col" aria-sort=${active ? (this.descending ? "descending" : "ascending") : "none"}>
				<button
					type="button"
					@click=${() => {
						this.descending = active && !this.descending;
						this.sortedBy = column.id;
					}}
				>
					<span class="arrow" aria-hidden="true">${active ? (this.descending ? "↓" : "↑") : ""}</span>${column.name}
				</button>
			</th>
		`;
	}

	private sorted(): readonly RunView[] {
		const column = COLUMNS.find((candidate) => candidate.id === this.sortedBy);
		if (!column) return this.runs;
		const sign = this.descending ? -1 : 1;
		return [...this.runs].sort((a, b) => {
			const [x, y] = [column.value(a), column.value(b)];
			if (x === null || y === null) return Number(x === null) - Number(y === null);
			return x < y ? -sign : x > y ? sign : 0;
		});
	}
}

customElements.define("isoflop-run-table", RunTable);
