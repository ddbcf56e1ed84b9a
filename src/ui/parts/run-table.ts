import { css, html, LitElement } from "lit";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { formatCount, formatRate } from "../../figures/format.ts";
import type { RunView } from "../state/run-view.ts";
import { COLUMNS, type Column } from "./run-columns.ts";
import { sharedStyles } from "./shared-styles.ts";

/** A table of runs, sortable by any column. Fires `isoflop-hide` with the ids of the runs that are hidden after a change. */
export class RunTable extends LitElement {
	static override properties = {
		runs: { attribute: false },
		analysis: { attribute: false },
		highlight: { attribute: false },
		hiddenRuns: { attribute: false },
		sortedBy: { state: true },
		descending: { state: true },
	};

	declare runs: readonly RunView[];
	declare analysis: StudyAnalysis | null;
	/** Ids of the runs that stand out. A row fires `isoflop-highlight` with its run while the pointer is over it. */
	declare highlight: readonly string[];
	/** Ids of the runs that are hidden in the figure above. */
	declare hiddenRuns: ReadonlySet<string>;
	declare sortedBy: string | null;
	declare descending: boolean;

	constructor() {
		super();
		this.runs = [];
		this.analysis = null;
		this.highlight = [];
		this.hiddenRuns = new Set();
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
			td.shown,
			th.shown {
				text-align: center;
			}
			.shown input {
				accent-color: var(--accent);
				margin: 0;
				vertical-align: middle;
			}
			tr.aside td:not(.shown) {
				opacity: 0.55;
			}
			tr.lit {
				background: var(--sunken);
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
							<th scope="col" class="shown"><span title="Shown in the loss figure">Shown</span></th>
							${COLUMNS.map((column) => this.header(column))}
						</tr>
					</thead>
					<tbody>
						${this.sorted().map(
							(run) => html`
								<tr
									class="${this.highlight.includes(run.id) ? "lit" : ""} ${this.hiddenRuns.has(run.id) ? "aside" : ""}"
									@pointerenter=${() => this.point([run.id])}
									@pointerleave=${() => this.point([])}
								>
									<td class="shown">
										<input
											type="checkbox"
											aria-label=${`Show ${nameOf(run)} in the loss figure`}
											.checked=${!this.hiddenRuns.has(run.id)}
											@change=${() => this.toggle(run.id)}
										/>
									</td>
									${COLUMNS.map((column) => html`<td>${column.show(run, chosen.has(run.id))}</td>`)}
								</tr>
							`,
						)}
					</tbody>
				</table>
			</div>
		`;
	}

	private toggle(id: string): void {
		const detail = new Set(this.hiddenRuns);
		if (!detail.delete(id)) detail.add(id);
		this.dispatchEvent(new CustomEvent("isoflop-hide", { detail }));
	}

	private point(runs: readonly string[]): void {
		this.dispatchEvent(new CustomEvent("isoflop-highlight", { detail: runs, bubbles: true, composed: true }));
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

function nameOf({ parameters, spec }: RunView): string {
	const rate = formatRate(spec.optimizer.learningRate);
	return `${formatCount(parameters.total)} parameters, learning rate ${rate}, seed ${spec.seed}`;
}

customElements.define("isoflop-run-table", RunTable);
