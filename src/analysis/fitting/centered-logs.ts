/** Natural logarithms minus their mean, which keeps powers of the values near 1. */
export function centeredLogs(values: readonly number[]): { values: Float64Array; mean: number } {
	const logs = Float64Array.from(values, Math.log);
	const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
	return { values: logs.map((value) => value - mean), mean };
}

/** Smallest and largest logarithm. */
export function logRange(values: Float64Array): { low: number; high: number } {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const value of values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	return { low: Math.log(low), high: Math.log(high) };
}

/** x^−exponent, from centered logarithms of x. */
export function powers(logs: Float64Array, exponent: number): Float64Array {
	return logs.map((value) => Math.exp(-exponent * value));
}
