import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { BandMark, Figure, FigureTable, LegendItem, LineMark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatRate, plural } from "../../figures/format.ts";
import { PARAMETERS, plainText, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { plainTick, powerTick } from "../../figures/ticks.ts";
import { groupBy } from "../../maths/group-by.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import { finalTrainingLoss } from "../../run/final-loss.ts";
import { type RunView, sizeKey, sizeOrder, tokensSeen } from "../state/run-view.ts";
import { axisText, type LossAxis, perTokenAlong } from "./loss-axes.ts";
import { BEATEN, curveMark, seedMarks, sizeSeries } from "./loss-marks.ts";

/** The lower envelope as a line to draw: two columns of equal length, ascending in compute. */
export interface Envelope {
	flops: readonly number[];
	loss: readonly number[];
}

/** What the figure is drawn from, beside the runs. */
export interface LossOptions {
	/** What the runs say so far. */
	analysis: StudyAnalysis | null;
	axis: LossAxis;
	envelope?: Envelope | null;
	/** Draws runs that differ in nothing but their seeds as their mean, in a band from the lowest to the highest. */
	meanOfSeeds?: boolean;
	/** Ids of runs to leave out. The others keep their colors. */
	hidden?: ReadonlySet<string>;
	/** What to say while there is nothing to draw. */
	empty?: string;
}

const ENVELOPE = "envelope";
const ENVELOPE_ITEM: LegendItem = {
	text: rich("best loss at each compute"),
	series: ENVELOPE,
	line: { color: "ink", width: 2, dash: [6, 3] },
};

/**
 * Every run's loss as it trains, colored by model size, with the envelope of the best losses where the analysis has one.
 * Runs whose learning rate is nowhere the best of their size are thin and pale.
 */
export function lossFigure(runs: readonly RunView[], options: LossOptions): Figure {
	const { analysis, axis, envelope = null, meanOfSeeds = false, hidden, empty = "No losses yet." } = options;
	const order = sizeOrder(runs);
	const started = runs.filter((run) => run.curve.loss.length > 0 && !hidden?.has(run.id));
	const drawn = started.filter((run) => perTokenAlong(run, axis) !== null);
	const chosen = new Set(analysis?.chosen.flatMap((size) => size.runIds) ?? []);
	const isBest = (run: RunView) => chosen.size === 0 || chosen.has(run.id);
	const colorOf = (run: RunView) => ({ size: order.get(sizeKey(run.spec.model))!, of: order.size });
	const curves: (LineMark | BandMark)[] = meanOfSeeds
		? seedGroups(drawn).flatMap((group) => seedMarks(group, axis, colorOf(group[0]!), group.some(isBest)))
		: drawn.map((run) => curveMark(run, axis, colorOf(run), isBest(run)));
	const { label, link, isCompute } = axisText(axis);
	return {
		name: "loss",
		title: rich("Loss as the runs train"),
		x: { label, scale: "log", tick: powerTick, pad: 0.02, link },
		y: { label: rich("Training loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.04 },
		marks: [
			...curves.sort((a, b) => widthOf(a) - widthOf(b)),
			...(envelope && drawn.length > 0 ? envelopeMarks(envelope) : []),
		],
		legend: legendOf(runs, order, { isCompute, meanOfSeeds }),
		table: tableOf(started),
		summary: summaryOf(drawn, axis),
		empty: started.length > 0 && drawn.length === 0 ? NO_TIMES : empty,
	};
}

const NO_TIMES = "How long these runs took is not known: they came from a file, or went on from a checkpoint.";

const widthOf = (mark: LineMark | BandMark) => (mark.kind === "line" ? mark.width : 0);

/** Runs that differ in nothing but their seeds, together. */
function seedGroups(runs: readonly RunView[]): RunView[][] {
	const keyOf = ({ spec: { seed: _, ...rest } }: RunView) => canonicalJson(rest);
	return [...groupBy(runs, keyOf).values()];
}

function envelopeMarks({ flops, loss }: Envelope): LineMark[] {
	if (flops.length < 2) return [];
	const points = flops.map((at, i): Point => [at, loss[i]!]);
	return [{ kind: "line", points, color: "ink", width: 2.5, dash: [6, 4], series: [ENVELOPE], stretch: false }];
}

function legendOf(
	runs: readonly RunView[],
	order: ReadonlyMap<string, number>,
	{ isCompute, meanOfSeeds }: { isCompute: boolean; meanOfSeeds: boolean },
): LegendItem[] {
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
		...(isCompute ? [ENVELOPE_ITEM] : []),
		...(meanOfSeeds ? [{ text: rich("line: mean over seeds; band: lowest to highest") }] : []),
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
