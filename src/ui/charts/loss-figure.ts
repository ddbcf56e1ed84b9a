import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { counted } from "../../architecture/counted.ts";
import type { Counting } from "../../architecture/counting.ts";
import { COUNTING_TEXTS } from "../../experiments/figures/countings.ts";
import type { Figure, FigureTable, LegendItem, LineMark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatRate, formatScientific, plural } from "../../figures/format.ts";
import { PARAMETERS, plainText, type RichText, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { plainTick, powerTick } from "../../figures/ticks.ts";
import { finalTrainingLoss, type RunView, sizeKey, sizeOrder, tokensSeen } from "../state/run-view.ts";

/** What the loss is drawn against: compute in some way of counting, training tokens, or steps. */
export type LossAxis = Counting | "tokens" | "steps";

interface AxisText {
	label: RichText;
	plain: string;
	unit: string;
	link: string;
}

function axisText(axis: LossAxis): AxisText {
	if (axis === "tokens")
		return {
			label: rich("Training tokens (", TOKEN_COUNT, ")"),
			...{ plain: "training tokens", unit: "tokens", link: "tokens" },
		};
	if (axis === "steps")
		return { label: rich("Training steps"), ...{ plain: "training steps", unit: "steps", link: "steps" } };
	const { compute, phrase } = COUNTING_TEXTS[axis];
	return {
		label: rich("Compute ", phrase, " (", compute, ", FLOP)"),
		...{ plain: `compute ${phrase}`, unit: "FLOP", link: "flops" },
	};
}

/** The lower envelope as a line to draw: two columns of equal length, ascending in compute. */
export interface Envelope {
	flops: readonly number[];
	loss: readonly number[];
}

/** Series that the legend can hide, beside one for each size. */
const ENVELOPE = "envelope";
const BEATEN = "beaten";
const sizeSeries = (index: number) => `size ${index}`;

/**
 * Every run's loss as it trains, colored by model size, with the envelope of the best losses where the analysis has one.
 * Runs whose learning rate is nowhere the best of their size are thin and pale.
 */
export function lossFigure(
	runs: readonly RunView[],
	analysis: StudyAnalysis | null,
	axis: LossAxis,
	envelope: Envelope | null = null,
	empty = "No losses yet.",
): Figure {
	const order = sizeOrder(runs);
	const started = runs.filter((run) => run.curve.loss.length > 0);
	const chosen = new Set(analysis?.chosen.flatMap((size) => size.runIds) ?? []);
	const isBest = (run: RunView) => chosen.size === 0 || chosen.has(run.id);
	const lines = started.map((run) => knownCurveMark(run, axis, order, isBest(run)));
	const { label, link } = axisText(axis);
	return {
		name: "loss",
		title: rich("Loss as the runs train"),
		x: { label, scale: "log", tick: powerTick, pad: 0.02, link },
		y: { label: rich("Training loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.04 },
		marks: [
			...lines.sort((a, b) => a.width - b.width),
			...(envelope && started.length > 0 ? envelopeMarks(envelope) : []),
		],
		legend: legendOf(runs, order),
		table: tableOf(started),
		summary: summaryOf(started, axis),
		empty,
	};
}

const knownMarks = new WeakMap<RunView, { key: string; mark: LineMark }>();

/** A run's curve; the same object as last time if nothing about it has changed, so that finished curves cost nothing. */
function knownCurveMark(run: RunView, axis: LossAxis, order: ReadonlyMap<string, number>, best: boolean): LineMark {
	const size = order.get(sizeKey(run.spec.model))!;
	const key = [axis, size, order.size, best].join();
	const known = knownMarks.get(run);
	if (known?.key === key) return known.mark;
	const mark = curveMark(run, axis, { size, of: order.size }, best);
	knownMarks.set(run, { key, mark });
	return mark;
}

function curveMark(run: RunView, axis: LossAxis, color: { size: number; of: number }, best: boolean): LineMark {
	const perToken = perTokenAlong(run, axis);
	const { unit } = axisText(axis);
	return {
		kind: "line",
		points: run.curve.tokens.map((tokens, i): Point => [perToken * tokens, run.curve.loss[i]!]),
		color,
		opacity: best ? 1 : 0.4,
		width: best ? 1.75 : 1,
		noisy: true,
		series: best ? [sizeSeries(color.size)] : [sizeSeries(color.size), BEATEN],
		runs: [run.id],
		describe: ([x, loss]) =>
			`${formatCount(run.parameters.total)} parameters, learning rate ${formatRate(run.spec.optimizer.learningRate)}, ` +
			`seed ${run.spec.seed}: loss ${formatLoss(loss)} at ${formatScientific(x)} ${unit}`,
	};
}

/** How far a token moves along the axis. */
function perTokenAlong({ spec: { model, batchSequences } }: RunView, axis: LossAxis): number {
	if (axis === "tokens") return 1;
	return axis === "steps" ? 1 / (batchSequences * model.context) : counted(model, axis).flopsPerToken;
}

function envelopeMarks({ flops, loss }: Envelope): LineMark[] {
	if (flops.length < 2) return [];
	const points = flops.map((at, i): Point => [at, loss[i]!]);
	return [{ kind: "line", points, color: "ink", width: 2.5, dash: [6, 4], series: [ENVELOPE], stretch: false }];
}

function legendOf(runs: readonly RunView[], order: ReadonlyMap<string, number>): LegendItem[] {
	const sizes = [...order].map(([key, size]): LegendItem => {
		const { parameters } = runs.find((run) => sizeKey(run.spec.model) === key)!;
		return {
			text: rich(formatCount(parameters.total)),
			series: sizeSeries(size),
			line: { color: { size, of: order.size }, width: 3 },
		};
	});
	return [
		{ text: rich("Size ", PARAMETERS.total, ":") },
		...sizes,
		{ text: rich("best loss at each compute"), series: ENVELOPE, line: { color: "ink", width: 2, dash: [6, 3] } },
		{ text: rich("pale: another learning rate was better"), series: BEATEN },
	];
}

function tableOf(started: readonly RunView[]): FigureTable {
	return {
		caption: "ends of the loss curves",
		columns: [
			{ id: "params", name: rich("Size ", PARAMETERS.total), format: formatCount },
			{ id: "learning_rate", name: rich("Learning rate"), format: formatRate },
			{ id: "seed", name: rich("Seed"), format: String },
			{ id: "tokens", name: rich("Tokens ", TOKEN_COUNT), format: formatCount },
			{ id: "loss", name: rich("Training loss"), format: formatLoss },
		],
		rows: started.map((run) => [
			...[run.parameters.total, run.spec.optimizer.learningRate, run.spec.seed],
			...[tokensSeen(run), finalTrainingLoss(run.curve)],
		]),
	};
}

function summaryOf(started: readonly RunView[], axis: LossAxis): string {
	const start = `Training loss against ${axisText(axis).plain}: ${plural(started.length, "curve")}.`;
	const ends = started
		.map((run) => ({ run, loss: finalTrainingLoss(run.curve)! }))
		.filter(({ loss }) => Number.isFinite(loss))
		.sort((a, b) => a.loss - b.loss);
	const best = ends[0];
	if (!best) return start;
	const size = `${formatCount(best.run.parameters.total)} parameters (${plainText(PARAMETERS.total)})`;
	return `${start} The lowest ends at ${formatLoss(best.loss)} nats per token, with ${size}.`;
}
