import type { BandMark, Color, LineMark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatRate, formatScientific } from "../../figures/format.ts";
import { mean } from "../../maths/least-squares.ts";
import type { RunView } from "../state/run-view.ts";
import { axisText, type LossAxis, perTokenAlong } from "./loss-axes.ts";

/** Series that the legend can hide, beside one for each size. */
export const BEATEN = "beaten";
export const sizeSeries = (index: number) => `size ${index}`;

/** A run's place among the sizes. */
export interface SizeColor {
	readonly size: number;
	readonly of: number;
}

/** A run's curve. */
export function curveMark(run: RunView, axis: LossAxis, color: SizeColor, isBest: boolean): LineMark {
	return remembered([run], [axis, color.size, color.of, isBest].join(), () => {
		const perToken = perTokenAlong(run, axis)!;
		const mark: LineMark = {
			points: run.curve.tokens.map((tokens, i): Point => [perToken * tokens, run.curve.loss[i]!]),
			runs: [run.id],
			...lineStyle(color, isBest),
			describe: describing(run, axis, `seed ${run.spec.seed}`),
		};
		return mark;
	});
}

/** The mean of runs that differ in nothing but their seeds, over what all have trained, and what lies between their extremes. */
export function seedMarks(
	runs: readonly RunView[],
	axis: LossAxis,
	color: SizeColor,
	isBest: boolean,
): [BandMark, LineMark] {
	return remembered(runs, ["mean", axis, color.size, color.of, isBest].join(), () => {
		const perToken = mean(runs.map((run) => perTokenAlong(run, axis)!));
		const length = Math.min(...runs.map(({ curve }) => curve.loss.length));
		const x = runs[0]!.curve.tokens.slice(0, length).map((tokens) => perToken * tokens);
		const losses = x.map((_, i) => runs.map(({ curve }) => curve.loss[i]!));
		const style = lineStyle(color, isBest);
		const ids = runs.map(({ id }) => id);
		const seeds = runs.map(({ spec }) => spec.seed).join(", ");
		const band: BandMark = {
			...{ kind: "band", x, color: color as Color, series: style.series, runs: ids, stretch: false },
			low: losses.map((all) => Math.min(...all)),
			high: losses.map((all) => Math.max(...all)),
		};
		const line: LineMark = {
			points: x.map((at, i): Point => [at, mean(losses[i]!)]),
			...style,
			runs: ids,
			describe: describing(runs[0]!, axis, runs.length > 1 ? `mean of seeds ${seeds}` : `seed ${seeds}`),
		};
		return [band, line];
	});
}

/** Marks by the first of their runs: the same objects as last time if nothing about the runs has changed, which cost nothing. */
const known = new WeakMap<RunView, { runs: readonly RunView[]; key: string; marks: unknown }>();

function remembered<Marks>(runs: readonly RunView[], key: string, make: () => Marks): Marks {
	const last = known.get(runs[0]!);
	const isSame = last?.key === key && last.runs.length === runs.length && last.runs.every((run, i) => run === runs[i]);
	if (isSame) return last.marks as Marks;
	const marks = make();
	known.set(runs[0]!, { runs, key, marks });
	return marks;
}

function lineStyle(color: SizeColor, isBest: boolean) {
	return {
		...{ kind: "line" as const, color, noisy: true },
		opacity: isBest ? 1 : 0.4,
		width: isBest ? 1.75 : 1,
		series: isBest ? [sizeSeries(color.size)] : [sizeSeries(color.size), BEATEN],
	};
}

function describing({ parameters, spec }: RunView, axis: LossAxis, seeds: string) {
	const start = `${formatCount(parameters.total)} parameters, learning rate ${formatRate(spec.optimizer.learningRate)}`;
	const { unit } = axisText(axis);
	return ([x, loss]: Point) => `${start}, ${seeds}: loss ${formatLoss(loss)} at ${formatScientific(x)} ${unit}`;
}
