/**
 * Ordinary least squares of a straight line, y = intercept + slope · x:
 *
 *     slope = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²,   intercept = ȳ − slope · x̄
 */
export interface Line {
	slope: number;
	intercept: number;
	/** Root mean square of the residuals. */
	residual: number;
}

/** The least-squares line through points; null with fewer than two distinct x. */
export function leastSquaresLine(x: readonly number[], y: readonly number[]): Line | null {
	const n = x.length;
	const xMean = mean(x);
	const yMean = mean(y);
	let sxx = 0;
	let sxy = 0;
	for (let i = 0; i < n; i++) {
		sxx += (x[i]! - xMean) ** 2;
		sxy += (x[i]! - xMean) * (y[i]! - yMean);
	}
	if (!(sxx > 0)) return null;
	const slope = sxy / sxx;
	const intercept = yMean - slope * xMean;
	let rss = 0;
	for (let i = 0; i < n; i++) rss += (y[i]! - intercept - slope * x[i]!) ** 2;
	return { slope, intercept, residual: Math.sqrt(rss / n) };
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
	let sum = 0;
	for (const value of values) sum += value;
	return sum / values.length;
}
