import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { Convention } from "../../architecture/flops.ts";
import type { LossCurve } from "../../run/run-result.ts";
import { formatCount, formatLoss, formatPower, formatRate, formatScientific } from "../parts/format.ts";
import { type RunView, sizeKey, sizeOrder } from "../state/run-view.ts";
import { inkColours, sizeColour, withOpacity } from "./palette.ts";
import { logRange, type Scene, type SceneLine, type ScenePoint } from "./scene.ts";

/** What the loss is drawn against: training tokens, or compute in one of the conventions. */
export type LossAxis = "tokens" | Convention;

/** Points a curve is thinned to for drawing. */
const DRAWN_POINTS = 240;

/**
 * Every run's loss curve, coloured by size, and the envelope of the best losses where the analysis has one.
 * Runs whose learning rate another beat are thin and pale. Null before the first point.
 */
export function lossScene(
	runs: readonly RunView[],
	analysis: StudyAnalysis | null,
	axis: LossAxis,
	dark: boolean,
): Scene | null {
	const order = sizeOrder(runs);
	const chosen = new Set(analysis?.chosen.flatMap((size) => size.runIds) ?? []);
	const lines: SceneLine[] = [];
	for (const run of runs) {
		if (run.curve.loss.length === 0) continue;
		const scale = axis === "tokens" ? 1 : 6 * run.parameters[axis];
		const colour = sizeColour(order.get(sizeKey(run.spec.model))!, order.size, dark);
		const main = chosen.size === 0 || chosen.has(run.id);
		const unit = axis === "tokens" ? "tokens" : "FLOP";
		lines.push({
			points: thinCurve(run.curve, DRAWN_POINTS).map(([tokens, loss]) => [tokens * scale, loss]),
			colour: main ? colour : withOpacity(colour, 0.4),
			width: main ? 1.75 : 1,
			describe: ([x, loss]) =>
				`${formatCount(run.parameters.total)} parameters, learning rate ${formatRate(run.spec.optimizer.learningRate)}: ` +
				`loss ${formatLoss(loss)} at ${formatScientific(x)} ${unit}`,
		});
	}
	lines.sort((a, b) => a.width - b.width);
	const points = lines.flatMap((line) => line.points);
	const x = logRange(
		points.map(([value]) => value),
		0.02,
	);
	const y = logRange(
		points.map(([, value]) => value),
		0.04,
	);
	if (!x || !y) return null;
	const envelope = axis === "tokens" ? null : analysis?.conventions[axis].envelope;
	if (envelope && envelope.flops.length > 1) {
		const { ink } = inkColours(dark);
		const outline: ScenePoint[] = envelope.flops.map((flops, i) => [flops, envelope.loss[i]!]);
		lines.push({ points: outline, colour: ink, width: 2.5, dash: [6, 4] });
	}
	return {
		x: { ...x, format: formatPower },
		y: { ...y, format: (value) => String(value) },
		areas: [],
		lines,
		dots: [],
		notes: [],
	};
}

/** A curve with at most `count` points: means over bins of equal width in log tokens, so that noise and size both shrink. */
export function thinCurve(curve: LossCurve, count: number): ScenePoint[] {
	const { tokens, loss } = curve;
	const first = tokens.findIndex((value, i) => value > 0 && loss[i]! > 0);
	if (first < 0) return [];
	const start = Math.log(tokens[first]!);
	const width = (Math.log(tokens.at(-1)!) - start) / count || 1;
	const points: ScenePoint[] = [];
	let bin = -1;
	let members = 0;
	let sumX = 0;
	let sumY = 0;
	const close = () => {
		if (members > 0) points.push([sumX / members, sumY / members]);
		members = sumX = sumY = 0;
	};
	for (let i = first; i < tokens.length; i++) {
		const next = Math.min(Math.floor((Math.log(tokens[i]!) - start) / width), count - 1);
		if (next !== bin) close();
		bin = next;
		members++;
		sumX += tokens[i]!;
		sumY += loss[i]!;
	}
	close();
	return points;
}
