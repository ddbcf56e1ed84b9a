import type { LossCurve } from "../../run/run-result.ts";

/** A cleaned loss curve in natural logs, tokens strictly ascending. */
export interface LogCurve {
	logTokens: number[];
	logLoss: number[];
	/** Standard deviation, in ln L, of the noise left at each point of the smoothed curve. */
	noise: number[];
}

/** Larger numbers are rejected: their squares and products would overflow. */
const LARGEST = 1e100;

/** Half-width of the smoothing window in ln(tokens): about ±25 % of a point's tokens. */
const HALF_WIDTH = 0.25;

/** Fewest degrees of freedom that measure the noise around a point. */
const FEWEST_FREE = 3;

/**
 * Prepares a loss curve for the envelope. Drops points that are not finite and positive or lie in the warmup, sorts by
 * tokens, averages points at equal tokens, then smooths.
 *
 * Smoothing is needed because the minimum of noisy curves lies below the curves, which biases the envelope (Hoffmann et
 * al. 2022, section 3.1, smooth too). The smoother is a local line (Cleveland 1979) with triangular weights over ±0.25 in
 * ln(tokens). It leaves a power law, a straight line in these logs, unchanged even at the ends, unlike a running mean or
 * an isotonic fit. Where points are farther apart than the window, it changes nothing.
 *
 * A point counts by the steps that it is the mean of: its variance is inverse to them. The last point of a curve often
 * averages a few leftover steps.
 *
 * @param steps of each point; default: equal
 */
export function logCurve(curve: LossCurve, warmupTokens = 0, steps: readonly number[] | null = null): LogCurve {
	const points: { x: number; y: number; n: number }[] = [];
	const length = Math.min(curve.tokens.length, curve.loss.length);
	for (let i = 0; i < length; i++) {
		const tokens = curve.tokens[i]!;
		const loss = curve.loss[i]!;
		if (tokens > Math.max(0, warmupTokens) && tokens <= LARGEST && loss > 1 / LARGEST && loss <= LARGEST)
			points.push({ x: Math.log(tokens), y: Math.log(loss), n: steps?.[i] ?? 1 });
	}
	points.sort((p, q) => p.x - q.x);
	const distinct: typeof points = [];
	for (const point of points) {
		const last = distinct.at(-1);
		if (last?.x === point.x) {
			last.y = (last.y * last.n + point.y * point.n) / (last.n + point.n);
			last.n += point.n;
		} else distinct.push(point);
	}
	const logTokens = distinct.map((point) => point.x);
	const { smooth, noise } = localLine(
		logTokens,
		distinct.map((point) => point.y),
		distinct.map((point) => point.n),
	);
	return { logTokens, logLoss: smooth, noise };
}

/** Weighted local linear regression at every point, and the standard deviation of the remaining noise there. */
function localLine(
	x: readonly number[],
	y: readonly number[],
	weight: readonly number[],
): { smooth: number[]; noise: number[] } {
	const smooth: number[] = [];
	const kept: number[] = [];
	// Sums over the points before each: weighted squared residuals, and their degrees of freedom.
	const squares = [0];
	const freedom = [0];
	let left = 0;
	for (let i = 0; i < x.length; i++) {
		while (x[left]! <= x[i]! - HALF_WIDTH) left++;
		let s0 = 0;
		let s1 = 0;
		let s2 = 0;
		let t0 = 0;
		let t1 = 0;
		for (let j = left; j < x.length && x[j]! < x[i]! + HALF_WIDTH; j++) {
			const d = x[j]! - x[i]!;
			const w = weight[j]! * (1 - Math.abs(d) / HALF_WIDTH);
			s0 += w;
			s1 += w * d;
			s2 += w * d * d;
			t0 += w * y[j]!;
			t1 += w * d * y[j]!;
		}
		const determinant = s0 * s2 - s1 * s1;
		// A line needs two points; if the window holds only one, keep its value.
		if (determinant <= 1e-12 * s0 * s2 || s2 === 0) {
			smooth.push(y[i]!);
			kept.push(1);
			squares.push(squares.at(-1)!);
			freedom.push(freedom.at(-1)!);
			continue;
		}
		const value = (s2 * t0 - s1 * t1) / determinant;
		const own = (weight[i]! * s2) / determinant;
		smooth.push(value);
		squares.push(squares.at(-1)! + weight[i]! * (y[i]! - value) ** 2);
		freedom.push(freedom.at(-1)! + 1 - own);
		kept.push(own);
	}
	// Variance: residuals ≈ (1 − own) σ² / weight, smoothed values own · σ² / weight, with a point's share `own` in its value.
	// It is measured around each point, since elsewhere the curve may bend more than a line follows; over the whole curve
	// where points lie too far apart for that.
	let begin = 0;
	let end = 0;
	const noise = kept.map((own, i) => {
		while (x[begin]! < x[i]! - 2 * HALF_WIDTH) begin++;
		while (end < x.length && x[end]! <= x[i]! + 2 * HALF_WIDTH) end++;
		const around = freedom[end]! - freedom[begin]! >= FEWEST_FREE;
		const [from, to] = around ? [begin, end] : [0, x.length];
		const free = freedom[to]! - freedom[from]!;
		const variance = free > 0 ? (squares[to]! - squares[from]!) / free : 0;
		return Math.sqrt((Math.max(0, variance) * own) / weight[i]!);
	});
	return { smooth, noise };
}
