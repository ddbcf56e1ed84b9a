import { css, html, LitElement } from "lit";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import { formatCount, formatLoss, formatPercent, formatRate } from "../../parts/format.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { N_NON_EMBEDDING, N_TOTAL, TOKENS } from "../../parts/symbols.ts";
import { finalTrainingLoss, type RunView, tokensPlanned, tokensSeen } from "../../state/run-view.ts";

interface Column {
	id: string;
	name: unknown;
	/** What rows are sorted by; null sorts last. */
	value: (run: RunView) => number | string | null;
	show: (run: RunView, chosen: boolean) => unknown;
}

const STATUS_ORDER = ["training", "finished", "stored", "diverged", "waiting"];

const COLUMNS: readonly Column[] = [
	{
		id: "total",
		name: html`All parameters (${N_TOTAL})`,
		value: (run) => run.parameters.total,
		show: (run) => formatCount(run.parameters.total),
	},
	{
		id: "nonEmbedding",
		name: html`Without embeddings (${N_NON_EMBEDDING})`,
		value: (run) => run.parameters.nonEmbedding,
		show: (run) => formatCount(run.parameters.nonEmbedding),
	},
	{
		id: "learningRate",
		name: "Learning rate",
		value: (run) => run.spec.optimizer.learningRate,
		show: (run, chosen) =>
			html`${chosen ? html`<span class="chosen">best</span> ` : ""}${formatRate(run.spec.optimizer.learningRate)}`,
	},
	{ id: "seed", name: "Seed", value: (run) => run.spec.seed, show: (run) => run.spec.seed },
	{
		id: "status",
		name: "Status",
		value: (run) => STATUS_ORDER.indexOf(run.status) - run.step / run.spec.steps / 2,
		show: (run) => html`
			<span class="status ${run.status}">${statusText(run)}</span>
			<span class="track" aria-hidden="true"><span style="width:${(100 * tokensSeen(run)) / tokensPlanned(run)}%"></span></span>
		`,
	},
	{
		id: "tokens",
		name: html`Tokens (${TOKENS})`,
		value: tokensSeen,
		show: (run) => (run.step === 0 ? "–" : formatCount(tokensSeen(run))),
	},
	{
		id: "training",
		name: "Training loss",
		value: (run) => finalTrainingLoss(run.curve),
		show: (run) => showLoss(finalTrainingLoss(run.curve)),
	},
	{
		id: "validation",
		name: "Validation loss",
		value: (run) => run.result?.validationLoss ?? null,
		show: (run) => showLoss(run.result?.validationLoss ?? null),
	},
];

/** All runs of the study, sortable by any column. */
export class RunTable extends LitElement {
	static override properties = {
		runs: { attribute: false },
		analysis: { attribute: false },
		highlight: { attribute: false },
		sortedBy: { state: true },
		descending: { state: true },
	};

	declare runs: readonly RunView[];
	declare analysis: StudyAnalysis | null;
	/** Ids of the runs that stand out. A row fires `isoflop-highlight` with its run while the pointer is over it. */
	declare highlight: readonly string[];
	declare sortedBy: string | null;
	declare descending: boolean;

	constructor() {
		super();
		this.runs = [];
		this.analysis = null;
		this.highlight = [];
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
							${COLUMNS.map((column) => this.header(column))}
						</tr>
					</thead>
					<tbody>
						${this.sorted().map(
							(run) => html`
								<tr
									class=${this.highlight.includes(run.id) ? "lit" : ""}
									@pointerenter=${() => this.point([run.id])}
									@pointerleave=${() => this.point([])}
								>
									${COLUMNS.map((column) => html`<td>${column.show(run, chosen.has(run.id))}</td>`)}
								</tr>
							`,
						)}
					</tbody>
				</table>
			</div>
		`;
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

function statusText(run: RunView): string {
	if (run.status === "training") return `training, ${formatPercent(run.step / run.spec.steps)}`;
	return run.status === "stored" ? "finished" : run.status;
}

function showLoss(loss: number | null): string {
	return loss === null ? "–" : formatLoss(loss);
}

customElements.define("isoflop-run-table", RunTable);
