import { normal, randomKey } from "../../maths/random.ts";
import { fitScalingLaws, type ScalingLaws } from "../power-laws/scaling-laws.ts";
import { envelope, genuineCrossings } from "./envelope.ts";
import type { Frontier } from "./frontier.ts";
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
 * The alternative, resampling the sizes (with one run per size, the naive bootstrap by run), loses an end size in two
 * resamples out of three. With 4 or 5 crossings, too few remain: its nominal 90 % interval covered 72 to 95 %.
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
	// The curves keep their own noise in every resample, so subtract it from the scatter to avoid counting it twice.
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

/** Zero-mean offsets in ln L that put the crossings of neighboring sizes on the fitted line of ln N* against ln C. */
function ontoLaw({ grid, envelope, logParameters }: Frontier): Float64Array {
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
