import { quantileSorted } from "../../maths/quantile.ts";
import { normal, randomKey } from "../../maths/random.ts";
import { measurementsOf, type Slice } from "../points/iso-flop.ts";
import { AKIMA_STEPS, valleyFinder } from "./valley.ts";

/**
 * Porian et al.'s noise-and-interpolate bootstrap (2024, arXiv:2406.19146, section 3 and appendix):
 *
 *  1. Each draw adds N(0, σ) to every loss and takes the minimum of Akima's curve at every budget. A minimum at an edge
 *     is discarded. A budget is kept when at least half of its draws have a minimum.
 *  2. A budget's N* is the median over its draws. Its uncertainty s is their standard deviation in ln N*, but at least a
 *     third of the distance between sizes, and is scaled up when draws are discarded: s · draws / valid draws.
 *  3. The law is a line of ln N* on ln C with weights 1/s². Its interval comes from the lines through the draws that have
 *     a minimum at every kept budget.
 */
export interface NoisyValley {
	/** Median of ln N* over the draws; null when the budget is not kept. */
	logParameters: number | null;
	/** s; null when the budget is not kept. */
	deviation: number | null;
	/** Median loss at the minima; null when the budget is not kept. */
	loss: number | null;
	/** Number of draws with a minimum inside the range of sizes. */
	valid: number;
}

/** One draw's ln N* and loss at each budget; null where the minimum is not inside the range of sizes. */
export type ValleyDraw = ({ logParameters: number; loss: number } | null)[];

/** Step 1: the minima of every draw. @param noise σ of one loss, nats per token; a mean of k has σ / √k */
export function noisyDraws(slices: readonly Slice[], noise: number, draws: number, seed: number): ValleyDraw[] {
	const finders = slices.map((slice) => valleyFinder(slice, { curve: "akima" }));
	const deviations = slices.map((slice) => measurementsOf(slice).map(({ length }) => noise / Math.sqrt(length)));
	return Array.from({ length: draws }, (_, r) =>
		slices.map((slice, s) => {
			const key = randomKey(seed, "noise", r, s);
			// Keeps the loss positive, so its logarithm exists however large the noise.
			const losses = slice.points.map((point, i) =>
				Math.max(point.loss / 10, point.loss + deviations[s]![i]! * normal(key, i)),
			);
			const minimum = finders[s]!(losses);
			return minimum.reason === null ? { logParameters: minimum.logParameters, loss: minimum.loss } : null;
		}),
	);
}

/** Step 2: each budget's median and uncertainty over the draws. */
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
