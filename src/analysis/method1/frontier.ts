import { FLOPS_PER_PARAMETER } from "../../architecture/flops.ts";
import type { LogCurve } from "../points/log-curve.ts";
import { computeGrid, curveOnGrid, type Envelope, envelope, type Grid } from "./envelope.ts";

/** The curves of one model size at its chosen learning rate, counted in one convention. */
export interface SizeCurves {
	/** For display. */
	label: string;
	/** N in the convention. */
	parameters: number;
	/** C / D; 6·N unless compute is counted otherwise. */
	flopsPerToken?: number;
	/** One per schedule, batch and length. Its seeds are averaged; the best recipe represents the size. */
	recipes: { runs: string[]; curves: LogCurve[] }[];
}

/** Everything the fits need to know about the curves and their envelope, interpolated once. */
export interface Frontier {
	sizes: readonly SizeCurves[];
	/** Per size. */
	logParameters: number[];
	/** Per size: ln (C / D). */
	logCost: number[];
	grid: Grid;
	envelope: Envelope;
	/** Per size and grid point: the index of the best recipe there. */
	recipe: Int32Array[];
	/** Per size and recipe: each seed's ln L on the grid. */
	seeds: Float64Array[][][];
	/** Standard deviation of the noise in a size's mean curve where it is on the frontier, in ln L. */
	noise: number;
}

/** Number of grid points in compute: for a typical study of about 4 decades, a step is about 6 %. */
const GRID_POINTS = 160;

/** Interpolates the curves of ascending sizes on a common compute grid and takes their lower envelope. */
export function frontierOf(sizes: readonly SizeCurves[]): Frontier {
	const logCost = sizes.map(({ parameters, flopsPerToken }) =>
		Math.log(flopsPerToken ?? FLOPS_PER_PARAMETER * parameters),
	);
	const all = sizes.flatMap(({ recipes }, s) =>
		recipes.flatMap(({ curves }) => curves.map((curve) => ({ logCost: logCost[s]!, curve }))),
	);
	const logFlops = computeGrid(all, GRID_POINTS);
	const seeds = sizes.map(({ recipes }, s) =>
		recipes.map(({ curves }) => curves.map((curve) => curveOnGrid(curve, logCost[s]!, logFlops))),
	);
	const best = seeds.map(bestRecipe);
	const grid: Grid = { logFlops, logLoss: best.map(({ logLoss }) => logLoss) };
	const lowest = envelope(grid);
	const recipe = best.map((each) => each.recipe);
	return {
		sizes,
		logParameters: sizes.map(({ parameters }) => Math.log(parameters)),
		logCost,
		grid,
		envelope: lowest,
		recipe,
		seeds,
		noise: noiseOn(logFlops, lowest, (size, g) => sizes[size]!.recipes[recipe[size]![g]!]!.curves, logCost),
	};
}

/** Root mean square between the first and last crossing of the noise in the mean curve that is best there. */
function noiseOn(
	logFlops: Float64Array,
	{ best, crossings }: Envelope,
	curvesAt: (size: number, g: number) => readonly LogCurve[],
	logCost: readonly number[],
): number {
	const { logFlops: first = -Infinity } = crossings[0] ?? {};
	const { logFlops: last = Infinity } = crossings.length > 1 ? crossings.at(-1)! : {};
	let variance = 0;
	let points = 0;
	best.forEach((size, g) => {
		const x = logFlops[g]!;
		if (size < 0 || x < first || x > last) return;
		const curves = curvesAt(size, g);
		for (const curve of curves) variance += noiseAt(curve, x - logCost[size]!) ** 2 / curves.length ** 2;
		points++;
	});
	if (points === 0 && crossings.length > 0) return noiseOn(logFlops, { best, crossings: [] }, curvesAt, logCost);
	return Math.sqrt(variance / Math.max(1, points));
}

/** The noise of a curve at its last point up to x = ln D, by bisection. */
function noiseAt({ logTokens, noise }: LogCurve, x: number): number {
	let low = 0;
	let high = logTokens.length;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (logTokens[middle]! <= x) low = middle;
		else high = middle;
	}
	return noise[low]!;
}

/** Mean of the seeds' ln L; +∞ where any seed has no data, so the mean is always over the same runs. */
function meanCurve(seeds: readonly Float64Array[]): Float64Array {
	return Float64Array.from(seeds[0]!, (_, g) => seeds.reduce((sum, seed) => sum + seed[g]!, 0) / seeds.length);
}

/**
 * The recipe with the lowest mean loss at each grid point. The lowest of several noisy means lies below the best recipe's
 * own, the more so the fewer seeds a mean is over. Hence a recipe only competes at a grid point if it has more than half
 * as many seeds as the recipe that has most there.
 */
function bestRecipe(recipes: readonly (readonly Float64Array[])[]): { logLoss: Float64Array; recipe: Int32Array } {
	const means = recipes.map(meanCurve);
	const logLoss = new Float64Array(means[0]!.length).fill(Number.POSITIVE_INFINITY);
	const recipe = new Int32Array(logLoss.length);
	for (let g = 0; g < logLoss.length; g++) {
		let most = 0;
		for (const [r, mean] of means.entries())
			if (mean[g]! < Number.POSITIVE_INFINITY) most = Math.max(most, recipes[r]!.length);
		for (const [r, mean] of means.entries())
			if (2 * recipes[r]!.length > most && mean[g]! < logLoss[g]!) {
				logLoss[g] = mean[g]!;
				recipe[g] = r;
			}
	}
	return { logLoss, recipe };
}

/** Ids of the runs that represent a size at a grid point. */
export function runsAt({ sizes, recipe }: Frontier, size: number, g: number): string[] {
	return sizes[size]!.recipes[recipe[size]![g]!]!.runs;
}

/** Ids of a size's runs that are best somewhere on the frontier. */
export function frontierRuns(frontier: Frontier, size: number): string[] {
	const runs = new Set<string>();
	frontier.envelope.best.forEach((best, g) => {
		if (best === size) for (const run of runsAt(frontier, size, g)) runs.add(run);
	});
	return [...runs];
}
