/**
 * Least squares of a straight line, y = intercept + slope · x:
 *
 *     slope = Σ w (x − x̄)(y − ȳ) / Σ w (x − x̄)²,   intercept = ȳ − slope · x̄
 *
 * with weighted means; all weights are 1 unless given.
 */
export interface Line {
	slope: number;
	intercept: number;
	/** Root mean square of the residuals. */
	residual: number;
}

/** The least-squares line through points; null with fewer than two distinct x. */
export function leastSquaresLine(x: readonly number[], y: readonly number[], weights?: readonly number[]): Line | null {
	const n = x.length;
	let total = 0;
	let xMean = 0;
	let yMean = 0;
	for (let i = 0; i < n; i++) {
		const w = weights?.[i] ?? 1;
		total += w;
		xMean += w * x[i]!;
		yMean += w * y[i]!;
	}
	xMean /= total;
	yMean /= total;
	let sxx = 0;
	let sxy = 0;
	for (let i = 0; i < n; i++) {
		const w = weights?.[i] ?? 1;
		sxx += w * (x[i]! - xMean) ** 2;
		sxy += w * (x[i]! - xMean) * (y[i]! - yMean);
	}
	if (!(sxx > 0)) return null;
	const slope = sxy / sxx;
	const intercept = yMean - slope * xMean;
	let rss = 0;
	for (let i = 0; i < n; i++) rss += (weights?.[i] ?? 1) * (y[i]! - intercept - slope * x[i]!) ** 2;
	return { slope, intercept, residual: Math.sqrt(rss / total) };
}

/** Arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
	let sum = 0;
	for (const value of values) sum += value;
	return sum / values.length;
}

/** The geometric mean of positive numbers; NaN without any. That of equal numbers is exactly theirs. */
export function geometricMean(values: ArrayLike<number>): number {
	const first = values[0]!;
	let sum = 0;
	for (let i = 0; i < values.length; i++) sum += Math.log(values[i]! / first);
	return first * Math.exp(sum / values.length);
}
