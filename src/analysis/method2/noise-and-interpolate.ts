import { quantileSorted } from "../../maths/quantile.ts";
import { normal, randomKey } from "../../maths/random.ts";
import type { Slice } from "../points/iso-flop.ts";
import { AKIMA_STEPS, valleyMinimum } from "./valley.ts";

/**
 * Porian et al.'s noise-and-interpolate bootstrap (2024, arXiv:2406.19146, section 3 and appendix):
 *
 *  1. A draw adds N(0, σ) to every loss and takes the minimum of Akima's curve at every budget. A minimum at an edge is
 *     none. A budget stays when at least half of its draws have one.
 *  2. A budget's N* is the median of its draws. Its uncertainty is their standard deviation s in ln N*, not below a third
 *     of the distance between sizes, and more the fewer draws count: s · draws / valid draws.
 *  3. The law is a line of ln N* on ln C with weights 1/s²; its interval that of the lines through each draw which has a
 *     minimum at every budget that stayed.
 */
export interface NoisyValley {
	/** Median of ln N* over the draws; null when the budget does not stay. */
	logParameters: number | null;
	/** s; null as above. */
	deviation: number | null;
	/** Median loss at the minima. */
	loss: number | null;
	/** Draws with a minimum inside the sizes. */
	valid: number;
}

/** ln N* and loss of each draw and budget, null where there is no minimum inside the sizes. */
export type ValleyDraw = ({ logParameters: number; loss: number } | null)[];

/** Step 1. @param noise σ, nats per token */
export function noisyDraws(slices: readonly Slice[], noise: number, draws: number, seed: number): ValleyDraw[] {
	return Array.from({ length: draws }, (_, r) =>
		slices.map((slice, s) => {
			const key = randomKey(seed, "noise", r, s);
			// So much noise that a loss is no longer positive leaves nothing to take the logarithm of.
			const losses = slice.points.map((point, i) => Math.max(point.loss / 10, point.loss + noise * normal(key, i)));
			const minimum = valleyMinimum(slice, { curve: "akima" }, losses);
			return minimum.reason === null ? { logParameters: minimum.logParameters, loss: minimum.loss } : null;
		}),
	);
}

/** Step 2. */
export function noisyValleys(slices: readonly Slice[], draws: readonly ValleyDraw[]): NoisyValley[] {
	return slices.map(({ points }, s) => {
		const minima = draws.map((draw) => draw[s]!).filter((minimum) => minimum !== null);
		const valid = minima.length;
		if (valid < draws.length / 2 || valid === 0) return { logParameters: null, deviation: null, loss: null, valid };
		const logN = Float64Array.from(minima, (minimum) => minimum.logParameters).sort();
		const mean = logN.reduce((sum, value) => sum + value, 0) / valid;
		const spread = Math.sqrt(logN.reduce((sum, value) => sum + (value - mean) ** 2, 0) / valid);
		const range = Math.log(points.at(-1)!.parameters / points[0]!.parameters);
		const step = range / (AKIMA_STEPS * (points.length - 1) - 1);
		const loss = Float64Array.from(minima, (minimum) => minimum.loss).sort();
		return {
			logParameters: quantileSorted(logN, 0.5),
			deviation: Math.max(spread, 0.33 * AKIMA_STEPS * step) * (draws.length / valid),
			loss: quantileSorted(loss, 0.5),
			valid,
		};
	});
}
