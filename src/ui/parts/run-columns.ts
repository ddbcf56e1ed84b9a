import { html } from "lit";
import { formatCount, formatLoss, formatPercent, formatRate } from "../../figures/format.ts";
import { finalTrainingLoss } from "../../run/final-loss.ts";
import { stopText } from "../../run/stop-text.ts";
import { type RunView, tokensPlanned, tokensSeen } from "../state/run-view.ts";
import { N_NON_EMBEDDING, N_TOTAL, TOKENS } from "./symbols.ts";

/** A column of the run table. */
export interface Column {
	id: string;
	name: unknown;
	/** What rows are sorted by; null sorts last. */
	value: (run: RunView) => number | string | null;
	/** `isChosen`: the learning rate of the run is the best of its size. */
	show: (run: RunView, isChosen: boolean) => unknown;
}

const STATUS_ORDER = ["training", "finished", "stored", "stopped", "diverged", "waiting"];

export const COLUMNS: readonly Column[] = [
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
		show: (run, isChosen) =>
			html`${isChosen ? html`<span class="chosen">best</span> ` : ""}${formatRate(run.spec.optimizer.learningRate)}`,
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

function statusText(run: RunView): string {
	if (run.status === "training") return `training, ${formatPercent(run.step / run.spec.steps)}`;
	const stop = run.result && stopText(run.result);
	if (stop) return stop;
	return run.status === "stored" ? "finished" : run.status;
}

function showLoss(loss: number | null): string {
	return loss === null ? "–" : formatLoss(loss);
}
