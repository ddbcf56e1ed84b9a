import { type Convention, flopsOf } from "../../../architecture/flops.ts";
import type { Figure, LineMark, Point } from "../../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific, plural } from "../../../figures/format.ts";
import { COMPUTE, rich, TOKEN_COUNT } from "../../../figures/rich-text.ts";
import { plainTick, powerTick } from "../../../figures/ticks.ts";
import type { RunRow } from "../../../run/run-note.ts";
import type { LossCurve } from "../../../run/run-result.ts";

/** What the losses are drawn against: tokens, or compute with parameters counted either way. */
export type OverlayAxis = "tokens" | Convention;

/** A run to be drawn: what it is called here, and its curve. */
export interface OverlaidRun {
	row: RunRow;
	label: string;
	curve: LossCurve;
}

const AXES = {
	total: { label: rich("Compute, all parameters (", COMPUTE.total, ", FLOP)"), unit: "FLOP" },
	nonEmbedding: { label: rich("Compute without embeddings (", COMPUTE.nonEmbedding, ", FLOP)"), unit: "FLOP" },
	tokens: { label: rich("Training tokens (", TOKEN_COUNT, ")"), unit: "tokens" },
} as const;

/** From the seventh run on, colors come again with other dashes. */
const COLORS = 6;
const DASHES = [undefined, [7, 4], [2, 3], [9, 3, 2, 3]];

/** The loss curves of runs, of whatever studies, over each other. */
export function overlayFigure(runs: readonly OverlaidRun[], axis: OverlayAxis, empty: string): Figure {
	return {
		name: "compared-losses",
		title: rich("Their losses as they train"),
		x: { label: AXES[axis].label, scale: "log", tick: powerTick, pad: 0.02 },
		y: { label: rich("Training loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.04 },
		marks: runs.map((run, index) => curveMark(run, index, axis)),
		legend: runs.map(({ label, row }, index) => ({
			text: rich(label),
			series: row.id,
			line: { width: 3, ...lineOf(index) },
		})),
		table: {
			caption: "ends of the loss curves",
			columns: [
				{ id: "run", name: rich("Run") },
				{ id: "params", name: rich("All parameters"), format: formatCount },
				{ id: "tokens", name: rich("Tokens"), format: formatCount },
				{ id: "training_loss", name: rich("Training loss"), format: formatLoss },
				{ id: "validation_loss", name: rich("Loss"), format: formatLoss },
			],
			rows: runs.map(({ row, label }) => [
				...[rich(label), row.parameters.total, row.tokens, row.trainingLoss, row.validationLoss],
			]),
		},
		summary: summaryOf(runs),
		empty,
	};
}

function lineOf(index: number) {
	const dash = DASHES[Math.floor(index / COLORS) % DASHES.length];
	return { color: { group: index % COLORS }, ...(dash && { dash }) };
}

function curveMark({ row, label, curve }: OverlaidRun, index: number, axis: OverlayAxis): LineMark {
	const along = (tokens: number) => (axis === "tokens" ? tokens : flopsOf(row.parameters[axis], tokens));
	return {
		kind: "line",
		points: curve.tokens.map((tokens, i): Point => [along(tokens), curve.loss[i]!]),
		...lineOf(index),
		...{ width: 1.75, noisy: true, series: [row.id], runs: [row.id] },
		describe: ([x, loss]) => `${label}: loss ${formatLoss(loss)} at ${formatScientific(x)} ${AXES[axis].unit}`,
	};
}

function summaryOf(runs: readonly OverlaidRun[]): string {
	const ends = runs.map(
		({ label, row }) => `${label} ends at ${row.trainingLoss === null ? "no loss" : formatLoss(row.trainingLoss)}`,
	);
	if (runs.length === 0) return "Training losses of the selected runs: none yet.";
	return `Training losses of ${plural(runs.length, "run")}: ${ends.join("; ")}.`;
}
