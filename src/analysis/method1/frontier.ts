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
	/** Standard deviation of the noise in a size's mean curve, in ln L. */
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
	const best = seeds.map((recipes) => bestRecipe(recipes.map(meanCurve)));
	const grid: Grid = { logFlops, logLoss: best.map(({ logLoss }) => logLoss) };
	const variances = all.map(({ curve }) => curve.noise ** 2);
	const perSize = all.length / Math.max(1, seeds.flat().length);
	return {
		sizes,
		logParameters: sizes.map(({ parameters }) => Math.log(parameters)),
		logCost,
		grid,
		envelope: envelope(grid),
		recipe: best.map(({ recipe }) => recipe),
		seeds,
		noise: Math.sqrt(variances.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length) / perSize),
	};
}

/** Mean of the seeds' ln L; +∞ where any seed has no data, so the mean is always over the same runs. */
function meanCurve(seeds: readonly Float64Array[]): Float64Array {
	return Float64Array.from(seeds[0]!, (_, g) => seeds.reduce((sum, seed) => sum + seed[g]!, 0) / seeds.length);
}

function bestRecipe(recipes: readonly Float64Array[]): { logLoss: Float64Array; recipe: Int32Array } {
	const logLoss = Float64Array.from(recipes[0]!);
	const recipe = new Int32Array(logLoss.length);
	for (const [r, values] of recipes.entries())
		for (let g = 0; g < logLoss.length; g++)
			if (values[g]! < logLoss[g]!) {
				logLoss[g] = values[g]!;
				recipe[g] = r;
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
