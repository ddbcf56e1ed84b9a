import type { LossCurve } from "../../run/run-result.ts";

/** A cleaned loss curve in natural logs, tokens strictly ascending. */
export interface LogCurve {
	logTokens: number[];
	logLoss: number[];
	/** Standard deviation, in ln L, of the noise left in the smoothed curve. */
	noise: number;
}

/** Larger numbers are rejected: their squares and products would overflow. */
const LARGEST = 1e100;

/** Half-width of the smoothing window in ln(tokens): about ±25 % of a point's tokens. */
const HALF_WIDTH = 0.25;

/**
 * Prepares a loss curve for the envelope. Drops points that are not finite and positive or lie in the warmup, sorts by
 * tokens, averages points at equal tokens, then smooths.
 *
 * Smoothing is needed because the minimum of noisy curves lies below the curves, which biases the envelope (Hoffmann et
 * al. 2022, section 3.1, smooth too). The smoother is a local line (Cleveland 1979) with triangular weights over ±0.25 in
 * ln(tokens). It leaves a power law, a straight line in these logs, unchanged even at the ends, unlike a running mean or
 * an isotonic fit. Where points are farther apart than the window, it changes nothing.
 */
export function logCurve(curve: LossCurve, warmupTokens = 0): LogCurve {
	const points: { x: number; y: number; n: number }[] = [];
	const length = Math.min(curve.tokens.length, curve.loss.length);
	for (let i = 0; i < length; i++) {
		const tokens = curve.tokens[i]!;
		const loss = curve.loss[i]!;
		if (tokens > Math.max(0, warmupTokens) && tokens <= LARGEST && loss > 1 / LARGEST && loss <= LARGEST)
			points.push({ x: Math.log(tokens), y: Math.log(loss), n: 1 });
	}
	points.sort((p, q) => p.x - q.x);
	const distinct: typeof points = [];
	for (const point of points) {
		const last = distinct.at(-1);
		if (last?.x === point.x) {
			last.y = (last.y * last.n + point.y) / (last.n + 1);
			last.n++;
		} else distinct.push(point);
	}
	const logTokens = distinct.map((point) => point.x);
	const { smooth, noise } = localLine(
		logTokens,
		distinct.map((point) => point.y),
	);
	return { logTokens, logLoss: smooth, noise };
}

/** Local linear regression at every point, and the standard deviation of the remaining noise. */
function localLine(x: readonly number[], y: readonly number[]): { smooth: number[]; noise: number } {
	const smooth: number[] = [];
	let squares = 0;
	let freedom = 0;
	let left = 0;
	let kept = 0;
	for (let i = 0; i < x.length; i++) {
		while (x[left]! <= x[i]! - HALF_WIDTH) left++;
		let s0 = 0;
		let s1 = 0;
		let s2 = 0;
		let t0 = 0;
		let t1 = 0;
		for (let j = left; j < x.length && x[j]! < x[i]! + HALF_WIDTH; j++) {
			const d = x[j]! - x[i]!;
			const w = 1 - Math.abs(d) / HALF_WIDTH;
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
			kept++;
			continue;
		}
		const value = (s2 * t0 - s1 * t1) / determinant;
		const own = s2 / determinant;
		smooth.push(value);
		squares += (y[i]! - value) ** 2;
		freedom += 1 - own;
		kept += own;
	}
	// Variance: residuals ≈ (1 − own) σ², smoothed values own · σ², where own is a point's weight in its own value.
	const variance = freedom > 0 ? squares / freedom : 0;
	return { smooth, noise: Math.sqrt(variance * (x.length > 0 ? kept / x.length : 0)) };
}
