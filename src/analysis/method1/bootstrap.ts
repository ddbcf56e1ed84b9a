import { normal, randomKey } from "../../maths/random.ts";
import { fitScalingLaws, type ScalingLaws } from "../power-laws/scaling-laws.ts";
import { envelope, genuineCrossings } from "./envelope.ts";
import type { Frontier } from "./frontier.ts";
import { scalingLawPoints } from "./scaling-law-points.ts";
import { gapNear, lineThrough, type Scatter } from "./scatter.ts";

/**
 * Parametric bootstrap clustered by size: a resample moves each size's whole curve by one offset in ln L,
 *
 *     δ_s = σ · z_s · √(ν / χ²_ν),   z_s ~ N(0, 1),
 *
 * off the place where the curves would cross on the fitted line, takes the envelope again and refits the laws. (Moving them
 * from where they are would add the scatter to itself.) Points of one curve are not independent, so they move together; σ is
 * itself only known from ν degrees of freedom, so every resample draws it anew, as Student's t does.
 *
 * Resampling the sizes instead, which with one run per size is the naive bootstrap by run, drops the end sizes from two
 * resamples in three; of 4 or 5 crossings too little is left, and its nominal 90 % covered 72 to 95 %.
 */
export function resampleLaws(
	frontier: Frontier,
	scatter: Scatter,
	options: { resamples: number; seed: number; trimEdges: boolean },
	path: string,
): ScalingLaws[] {
	const { grid, logParameters, logCost } = frontier;
	const laws: ScalingLaws[] = [];
	const fitted = options.trimEdges ? ontoLaw(frontier) : new Float64Array(logParameters.length);
	// A resample's curves keep their own noise; moving them by it once more would count it twice.
	const { deviation, source } = scatter;
	const own = source === "noise" ? 0 : frontier.noise ** 2;
	const between = Math.sqrt(Math.max(deviation ** 2 - own, deviation ** 2 / 4));
	const offsets = new Float64Array(logParameters.length);
	for (let r = 0; r < options.resamples; r++) {
		const key = randomKey(options.seed, path, r);
		let chiSquared = 0;
		for (let i = 0; i < scatter.freedom; i++) chiSquared += normal(key, offsets.length + i) ** 2;
		const scale = between * Math.sqrt(scatter.freedom / chiSquared);
		for (let s = 0; s < offsets.length; s++) offsets[s] = fitted[s]! + scale * normal(key, s);
		const points = scalingLawPoints(
			grid,
			envelope(grid, offsets),
			{ logParameters, logCost },
			options.trimEdges,
			offsets,
		);
		laws.push(fitScalingLaws(points, 2e-3));
	}
	return laws;
}

/** Offsets in ln L that bring neighboring sizes' crossings onto the fitted line of ln N* against ln C; of mean 0. */
function ontoLaw({ grid, envelope, logParameters }: Frontier): Float64Array {
	const offsets = new Float64Array(logParameters.length);
	const crossings = genuineCrossings(envelope);
	const line = lineThrough(crossings, logParameters);
	if (!line || !(line.slope > 0)) return offsets;
	for (const { smaller, larger } of crossings) {
		const logN = (logParameters[smaller]! + logParameters[larger]!) / 2;
		// The sizes above move along, so that their own crossings stay.
		const gap = gapNear(grid, smaller, larger, (logN - line.intercept) / line.slope);
		for (let s = larger; s < offsets.length; s++) offsets[s]! += gap;
	}
	const mean = offsets.reduce((sum, value) => sum + value, 0) / offsets.length;
	return offsets.map((value) => value - mean);
}
