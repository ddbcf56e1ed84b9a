import { groupBy } from "../../maths/group-by.ts";
import { fitParabola } from "../../maths/parabola.ts";
import type { Fit, FitPoint, LeftOut } from "../fitting/fit.ts";
import type { LawFitOptions } from "../fitting/parametric-law.ts";
import { fitStraightPowerLaw, type StraightPowerLaw } from "../power-laws/straight-power-law.ts";

/**
 * The best hyperparameters as power laws of model size (Porian et al. 2024, arXiv:2406.19146, §3.5):
 *
 *     lr*(N) = c·N^−p,   B*(N) = c·N^q.
 *
 * A sweep at one size gives losses at several values v of the hyperparameter. Its best value is the minimum of a parabola
 * in ln v through the lowest loss and its two neighbors. A sweep whose lowest loss is at an edge has no minimum.
 */
export type Hyperparameter = "learningRate" | "batch";

/** One run of a sweep. */
export interface SweepRun {
	run: string;
	/** N. */
	parameters: number;
	/** Learning rate, or batch size in tokens. */
	value: number;
	/** Nats per token. */
	loss: number;
}

const LAWS: Record<Hyperparameter, StraightPowerLaw> = {
	learningRate: {
		title: "best learning rate of each size",
		formula: "lr* = c·N^−p",
		coefficient: "c",
		exponent: "p",
		falling: true,
	},
	batch: {
		title: "best batch of each size",
		formula: "B* = c·N^q",
		coefficient: "c",
		exponent: "q",
		falling: false,
	},
};

/** The value of the hyperparameter that a law k·N^p predicts at a size. */
export function hyperparameterAt(law: { coefficient: number; exponent: number }, parameters: number): number {
	return law.coefficient * parameters ** law.exponent;
}

/** Fits lr*(N) or B*(N) to sweeps. Its estimate is the exponent. */
export function fitHyperparameterLaw(
	which: Hyperparameter,
	runs: readonly SweepRun[],
	options?: Pick<LawFitOptions, "interval">,
): Fit {
	const { points, leftOut } = sweepMinima(runs);
	const fit = fitStraightPowerLaw(LAWS[which], points, options);
	return { ...fit, leftOut: [...leftOut, ...fit.leftOut] };
}

/** The best value at each size: x is N, y the value. */
export function sweepMinima(runs: readonly SweepRun[]): { points: FitPoint[]; leftOut: LeftOut[] } {
	const usable = ({ parameters, value, loss }: SweepRun) =>
		[parameters, value, loss].every((number) => number > 0 && Number.isFinite(number));
	const leftOut: LeftOut[] = runs
		.filter((run) => !usable(run))
		.map(({ run }) => ({ run, reason: "its size, value or loss is not positive and finite" }));
	const points: FitPoint[] = [];
	const sizes = groupBy(runs.filter(usable), ({ parameters }) => parameters);
	for (const [parameters, sweep] of [...sizes].sort(([a], [b]) => a - b)) {
		const best = bestOfSweep(sweep);
		const names = sweep.map(({ run }) => run);
		if (typeof best === "number") points.push({ x: parameters, y: best, runs: names });
		else leftOut.push(...names.map((run) => ({ run, reason: `size ${parameters}: ${best}` })));
	}
	return { points, leftOut };
}

/** The value at the minimum of a sweep, or the reason why there is no minimum. */
function bestOfSweep(sweep: readonly SweepRun[]): number | string {
	const values = [...groupBy(sweep, ({ value }) => value)]
		.map(([value, runs]) => ({ value, loss: runs.reduce((sum, { loss }) => sum + loss, 0) / runs.length }))
		.sort((a, b) => a.value - b.value);
	if (values.length < 3) return `${values.length} values tried; a minimum between them needs 3`;
	const lowest = values.reduce((best, { loss }, i) => (loss < values[best]!.loss ? i : best), 0);
	if (lowest === 0) return "the lowest loss is at the smallest value tried";
	if (lowest === values.length - 1) return "the lowest loss is at the largest value tried";
	const near = values.slice(lowest - 1, lowest + 2);
	const parabola = fitParabola(
		near.map(({ value }) => Math.log(value)),
		near.map(({ loss }) => loss),
	);
	return parabola ? Math.exp(parabola.x) : "the losses around the lowest are equal";
}
