import { mean } from "../../maths/least-squares.ts";
import { fitPowerLaw } from "../power-laws/power-law.ts";
import type { ScalingLawPoints } from "../power-laws/scaling-laws.ts";
import { type Crossing, type Envelope, type Grid, genuineCrossings, valueOnGrid } from "./envelope.ts";

/**
 * The points that the laws are fitted to.
 *
 * N*(C) of a few sizes is a staircase: each size is best over a range of compute. By default (trimmed edges) the
 * allocation is fitted only to its steps: where the curves of sizes N₁ < N₂ cross, the best size passes √(N₁·N₂). Under
 * L = E + A·N^−α + B·D^−β, sizes in a constant ratio cross at exactly C ∝ N^((α+β)/β), so the exponent is unbiased.
 *
 * A regression on the staircase itself, on a grid of C, is biased: the flat parts reduce the slope (by a share 1/n² for
 * n whole steps), more so if the first or last step is long. Measured on noise-free studies of 5 sizes a factor 1.5 to 3
 * apart with a = 0.514: crossings 0.514; the whole staircase (the published recipe, `trimEdges: false`) 0.24 to 0.44,
 * depending on where the data end; the staircase between first and last crossing 0.00 to 0.46. With sizes shifted at
 * random by up to ±19 %, the crossings still give 0.514.
 *
 * A step where one size's data end before the next overtakes it is not a crossing and is not used: it reflects the length
 * of the runs, not how the models scale.
 *
 * L* is the loss of each size at the compute where the allocation makes that size the best. There its curve touches the
 * envelope of all possible sizes; elsewhere it lies above it, by as much as the noise or more. When fitted to the
 * staircase instead, the interval of γ with an offset contained the true value in only 5 to 80 % of studies.
 *
 * @param sizes ln N and ln (C / D) of each size
 * @param resample of the curves, if they are not read as measured
 */
export function scalingLawPoints(
	grid: Grid,
	envelope: Envelope,
	sizes: LogSizes,
	trimEdges: boolean,
	resample?: LossResample,
): ScalingLawPoints {
	return trimEdges
		? crossingPoints(grid, genuineCrossings(envelope), sizes, resample)
		: staircasePoints(grid, envelope, sizes, resample?.offsets);
}

/** How a resample reads losses. */
export interface LossResample {
	/** Added to ln L of each size. */
	offsets: ArrayLike<number>;
	/** The sizes whose loss was measured where they are the best. */
	readable: ReadonlySet<number>;
}

/** ln N and ln (C / D) of ascending sizes. */
export interface LogSizes {
	logParameters: readonly number[];
	logCost: readonly number[];
}

function crossingPoints(
	grid: Grid,
	crossings: readonly Crossing[],
	{ logParameters: logN, logCost }: LogSizes,
	resample?: LossResample,
): ScalingLawPoints {
	const points = noPoints();
	for (const { smaller, larger, logFlops } of crossings) addOptimum(points, logFlops, logN, logCost, [smaller, larger]);
	const law = fitPowerLaw(points.optimum.logFlops, points.optimum.logParameters);
	if (!law || !(law.exponent > 0)) return points;
	for (const size of new Set(points.optimum.sizes.flat())) {
		if (resample && !resample.readable.has(size)) continue;
		const logFlops = (logN[size]! - Math.log(law.coefficient)) / law.exponent;
		const logLoss = valueOnGrid(grid, grid.logLoss[size]!, logFlops) + (resample?.offsets[size] ?? 0);
		// A size's curve is not extrapolated beyond its data.
		if (Number.isFinite(logLoss)) addLoss(points, logFlops, logLoss, size);
	}
	return points;
}

function staircasePoints(
	grid: Grid,
	{ best }: Envelope,
	{ logParameters, logCost }: LogSizes,
	offsets?: ArrayLike<number>,
): ScalingLawPoints {
	const points = noPoints();
	best.forEach((size, g) => {
		if (size < 0) return;
		addOptimum(points, grid.logFlops[g]!, logParameters, logCost, [size]);
		addLoss(points, grid.logFlops[g]!, grid.logLoss[size]![g]! + (offsets?.[size] ?? 0), size);
	});
	return points;
}

function noPoints(): ScalingLawPoints {
	return {
		optimum: { logFlops: [], logParameters: [], logTokens: [], sizes: [] },
		loss: { logFlops: [], logLoss: [], size: [] },
	};
}

/** Adds N* and D* at the geometric mean of the given sizes. */
function addOptimum(
	{ optimum }: ScalingLawPoints,
	logFlops: number,
	logN: readonly number[],
	logCost: readonly number[],
	sizes: number[],
): void {
	optimum.logFlops.push(logFlops);
	optimum.logParameters.push(mean(sizes.map((size) => logN[size]!)));
	optimum.logTokens.push(logFlops - mean(sizes.map((size) => logCost[size]!)));
	optimum.sizes.push(sizes);
}

function addLoss({ loss }: ScalingLawPoints, logFlops: number, logLoss: number, size: number): void {
	loss.logFlops.push(logFlops);
	loss.logLoss.push(logLoss);
	loss.size.push(size);
}
