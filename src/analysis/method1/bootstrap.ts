import { normal, randomKey } from "../../maths/random.ts";
import { fitScalingLaws, type ScalingLawPoints, type ScalingLaws } from "../power-laws/scaling-laws.ts";
import { type Crossing, type Envelope, envelopeOf, type Grid, genuineCrossings } from "./envelope.ts";
import type { Frontier } from "./frontier.ts";
import { resampleGrid } from "./resample-grid.ts";
import { scalingLawPoints } from "./scaling-law-points.ts";
import { gapNear, lineThrough, type Scatter } from "./scatter.ts";

/**
 * Parametric bootstrap clustered by size. Each resample shifts the whole curve of each size by one offset in ln L,
 *
 *     δ_s = σ · z_s · √(ν / χ²_ν),   z_s ~ N(0, 1),
 *
 * then takes the envelope again and refits the laws. The offsets start from curves aligned to cross on the fitted line;
 * starting from the measured curves would count their scatter twice. Points of one curve are not independent, so they
 * move together. σ is known with ν degrees of freedom only, so every resample scales it by a new χ²_ν, as in Student's t.
 *
 * A crossing that moves beyond the end of a curve is not lost: the curve is continued (`resample-grid.ts`). Dropping such
 * resamples would leave only those with early crossings.
 *
 * The alternative, resampling the sizes (with one run per size, the naive bootstrap by run), loses an end size in two
 * resamples out of three. With 4 or 5 crossings, too few remain: its nominal 90 % interval covered 72 to 95 %.
 */
export function resampleLaws(
	frontier: Frontier,
	scatter: Scatter,
	measured: ScalingLawPoints,
	options: { resamples: number; seed: number; trimEdges: boolean },
	path: string,
): Resamples {
	const { logParameters, logCost } = frontier;
	const { trimEdges } = options;
	const ends = frontier.grid.logLoss.map((values) => values.findLastIndex(Number.isFinite));
	const grid = trimEdges ? resampleGrid(frontier.grid) : frontier.grid;
	const fitted = trimEdges ? ontoLaw(grid, frontier) : new Float64Array(logParameters.length);
	const forced = frontier.envelope.crossings.filter(({ genuine }) => !genuine);
	const wasForced = ({ smaller, larger }: Crossing) =>
		forced.some((step) => step.smaller === smaller && step.larger === larger);
	const readable = new Set(measured.loss.size);
	const laws: ScalingLaws[] = [];
	const drawn = new Float64Array(logParameters.length);
	const offsets = new Float64Array(logParameters.length);
	const lowestWith = envelopeOf(grid);
	let beyondData = 0;
	for (let r = 0; r < options.resamples; r++) {
		const key = randomKey(options.seed, path, r);
		let chiSquared = 0;
		for (let i = 0; i < scatter.freedom; i++) chiSquared += normal(key, offsets.length + i) ** 2;
		const scale = scatter.deviation * Math.sqrt(scatter.freedom / chiSquared);
		for (let s = 0; s < offsets.length; s++) {
			drawn[s] = scale * normal(key, s);
			offsets[s] = fitted[s]! + drawn[s]!;
		}
		const { best, crossings } = lowestWith(offsets);
		// A step that the estimate does not use because data end there is not used here either.
		const lowest = { best, crossings: crossings.filter((crossing) => !wasForced(crossing)) };
		if (trimEdges && crossesBeyond(lowest, grid, ends)) beyondData++;
		// The curves were moved onto the line of N*, not onto the law of L*, so losses are read from where they were.
		const points = scalingLawPoints(grid, lowest, { logParameters, logCost }, trimEdges, { offsets: drawn, readable });
		laws.push(fitScalingLaws(points, 2e-3));
	}
	return { laws, beyondData };
}

/** The laws of all resamples. */
export interface Resamples {
	laws: ScalingLaws[];
	/** In how many of them a crossing lies beyond the end of a curve, which is then continued as a straight line. */
	beyondData: number;
}

function crossesBeyond(lowest: Envelope, { logFlops }: Grid, ends: readonly number[]): boolean {
	return genuineCrossings(lowest).some(
		({ smaller, larger, logFlops: at }) => at > logFlops[Math.min(ends[smaller]!, ends[larger]!)]!,
	);
}

/** Zero-mean offsets in ln L that put the crossings of neighboring sizes on the fitted line of ln N* against ln C. */
function ontoLaw(grid: Grid, { envelope, logParameters }: Frontier): Float64Array {
	const offsets = new Float64Array(logParameters.length);
	const crossings = genuineCrossings(envelope);
	const line = lineThrough(crossings, logParameters);
	if (!line || !(line.slope > 0)) return offsets;
	for (const { smaller, larger } of crossings) {
		const logN = (logParameters[smaller]! + logParameters[larger]!) / 2;
		// Shift all larger sizes too, which leaves their own crossings in place.
		const gap = gapNear(grid, smaller, larger, (logN - line.intercept) / line.slope);
		for (let s = larger; s < offsets.length; s++) offsets[s]! += gap;
	}
	const mean = offsets.reduce((sum, value) => sum + value, 0) / offsets.length;
	return offsets.map((value) => value - mean);
}
