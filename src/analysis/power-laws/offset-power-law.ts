import { goldenSection } from "../../maths/search.ts";

/**
 * A decreasing power law with an offset, by least squares:
 *
 *     L = E + k · C^−γ,   E ≥ 0,   k ≥ 0,   0.002 ≤ γ ≤ 2
 *
 * by variable projection (Golub & Pereyra 1973): for a given γ, the best E and k come from a straight line in C^−γ, so
 * the search is over γ alone. It scans the whole range of γ on a fine grid and refines around the best value, which
 * avoids stopping at a local minimum.
 */
export interface OffsetPowerLaw {
	offset: number;
	coefficient: number;
	exponent: number;
	/** Root mean square of the residuals in ln L. */
	residual: number;
	/** Parameters at a bound, and therefore not determined by the points. */
	atBound: ("E" | "γ")[];
}

const LOWEST = 0.002;
const HIGHEST = 2;
const SCAN = 64;

/** The exponents to scan, evenly spaced in logs. */
const scan = Array.from({ length: SCAN }, (_, j) => LOWEST * (HIGHEST / LOWEST) ** (j / (SCAN - 1)));

/**
 * Fits L = E + k · C^−γ; null with fewer than four points.
 *
 * @param logFlops ln C
 * @param loss nats per token
 * @param tolerance relative precision of γ
 */
export function fitOffsetPowerLaw(
	logFlops: readonly number[],
	loss: readonly number[],
	tolerance = 1e-7,
): OffsetPowerLaw | null {
	const n = logFlops.length;
	if (n < 4) return null;
	// Relative to the middle of the points, powers of C stay near 1.
	const center = (Math.min(...logFlops) + Math.max(...logFlops)) / 2;
	const power = new Float64Array(n);
	const at = (exponent: number) => {
		for (let i = 0; i < n; i++) power[i] = Math.exp(-exponent * (logFlops[i]! - center));
		return project(power, loss);
	};
	let best = 0;
	let least = Number.POSITIVE_INFINITY;
	for (const [j, exponent] of scan.entries()) {
		const { squares } = at(exponent);
		if (squares < least) {
			least = squares;
			best = j;
		}
	}
	const low = scan[Math.max(0, best - 1)]!;
	const high = scan[Math.min(SCAN - 1, best + 1)]!;
	const exponent = goldenSection((γ) => at(γ).squares, low, high, { tolerance });
	const { offset, slope } = at(exponent);
	const coefficient = slope * Math.exp(exponent * center);
	if (!Number.isFinite(coefficient)) return null;
	let squares = 0;
	for (let i = 0; i < n; i++) squares += (Math.log(loss[i]!) - Math.log(offset + slope * power[i]!)) ** 2;
	const atBound: OffsetPowerLaw["atBound"] = [];
	if (offset === 0) atBound.push("E");
	if (exponent < LOWEST * 1.01 || exponent > HIGHEST / 1.01) atBound.push("γ");
	return { offset, coefficient, exponent, residual: Math.sqrt(squares / n), atBound };
}

/** The best E ≥ 0 and slope ≥ 0 of loss = E + slope · power, and the sum of squared residuals. */
function project(power: Float64Array, loss: readonly number[]): { offset: number; slope: number; squares: number } {
	const n = loss.length;
	let powerMean = 0;
	let lossMean = 0;
	for (let i = 0; i < n; i++) {
		powerMean += power[i]! / n;
		lossMean += loss[i]! / n;
	}
	let pp = 0;
	let pl = 0;
	for (let i = 0; i < n; i++) {
		pp += (power[i]! - powerMean) ** 2;
		pl += (power[i]! - powerMean) * (loss[i]! - lossMean);
	}
	let slope = Math.max(0, pl / pp);
	let offset = lossMean - slope * powerMean;
	if (offset < 0) {
		// At the bound E = 0: loss = slope · power.
		slope = (pl + n * powerMean * lossMean) / (pp + n * powerMean * powerMean);
		offset = 0;
	}
	let squares = 0;
	for (let i = 0; i < n; i++) squares += (loss[i]! - offset - slope * power[i]!) ** 2;
	return { offset, slope, squares };
}
