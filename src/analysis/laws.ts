import type { Crossing, Envelope, Grid } from "./envelope.ts";
import { type OffsetPowerLaw, offsetPowerLawFitter } from "./offset-power-law.ts";
import { fitPowerLaw, type PowerLaw } from "./power-law.ts";

/** The laws of one envelope; each null when its points do not determine it. */
export interface Laws {
	allocation: PowerLaw | null;
	tokens: PowerLaw | null;
	lossNoOffset: PowerLaw | null;
	lossWithOffset: OffsetPowerLaw | null;
}

/** What the laws are fitted to. */
export interface LawPoints {
	/** ln C, ln N* and ln D* with C = 6·N*·D*. */
	logFlops: number[];
	logParameters: number[];
	logTokens: number[];
	/** Indices of the grid points with a size that is best, for the laws of the loss; and L* there, nats per token. */
	gridPoints: number[];
	loss: number[];
}

/**
 * The points that the laws are fitted to.
 *
 * N*(C) of a few sizes is a staircase: each size is best over a stretch of compute. Trimmed, which is the default, the
 * allocation is fitted to its risers alone: where the curves of sizes N₁ < N₂ cross, the best size passes √(N₁·N₂).
 * Under L = E + A·N^−α + B·D^−β, sizes in a constant ratio cross at C ∝ N^((α+β)/β) exactly, so the exponent has no
 * bias. Regressing the staircase itself on a grid of C has: a flat top at either end and steps in between pull the
 * slope down (by 1/n² of it for n whole steps). Measured on noise-free studies of 5 sizes a factor 2 apart with
 * a = 0.514: crossings 0.514; all of the staircase (the published recipe, `trimEdges: false`) 0.28 to 0.44, depending
 * on where the data end; the staircase between first and last crossing 0.00 to 0.46. With sizes scattered by ±25 %
 * in ratio the crossings still give 0.514 ± 0.001.
 *
 * A step where one size's data end before the next overtakes it is no crossing and is not used: it would say how long
 * the runs were, not how the models scale. The loss laws rest on the grid points between first and last crossing.
 *
 * @param offsets the same as the envelope's
 */
export function lawPoints(
	grid: Grid,
	{ best, crossings }: Envelope,
	logN: readonly number[],
	trimEdges: boolean,
	offsets?: ArrayLike<number>,
): LawPoints {
	const points: LawPoints = { logFlops: [], logParameters: [], logTokens: [], gridPoints: [], loss: [] };
	const add = (logFlops: number, logParameters: number) => {
		points.logFlops.push(logFlops);
		points.logParameters.push(logParameters);
		points.logTokens.push(logFlops - Math.log(6) - logParameters);
	};
	const genuine = crossings.filter((crossing) => crossing.genuine);
	if (trimEdges)
		for (const { smaller, larger, logFlops } of genuine) add(logFlops, (logN[smaller]! + logN[larger]!) / 2);
	const [first, last] = span(genuine, trimEdges);
	for (let g = 0; g < best.length; g++) {
		const size = best[g]!;
		const x = grid.logFlops[g]!;
		if (size < 0 || x < first || x > last) continue;
		points.gridPoints.push(g);
		points.loss.push(Math.exp(grid.logLoss[size]![g]! + (offsets?.[size] ?? 0)));
		if (!trimEdges) add(x, logN[size]!);
	}
	return points;
}

/** The range of ln C between the first and last crossing, or all of it; empty without two crossings. */
function span(genuine: readonly Crossing[], trimEdges: boolean): [number, number] {
	if (!trimEdges) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	if (genuine.length < 2) return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	return [genuine[0]!.logFlops, genuine.at(-1)!.logFlops];
}

/** Prepares the fit of all laws to points on one grid; `tolerance` is the relative precision of the γ with an offset. */
export function lawFitter(grid: Grid): (points: LawPoints, tolerance: number) => Laws {
	const fitOffset = offsetPowerLawFitter(grid.logFlops);
	return (points, tolerance) => ({
		allocation: fitPowerLaw(points.logFlops, points.logParameters),
		tokens: fitPowerLaw(points.logFlops, points.logTokens),
		lossNoOffset: fitPowerLaw(
			points.gridPoints.map((g) => grid.logFlops[g]!),
			points.loss.map(Math.log),
		),
		lossWithOffset: fitOffset(points.gridPoints, points.loss, tolerance),
	});
}
