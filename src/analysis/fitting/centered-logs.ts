/** Natural logarithms less their mean: powers of the values then stay near 1. */
export function centeredLogs(values: readonly number[]): { values: Float64Array; mean: number } {
	const logs = Float64Array.from(values, Math.log);
	const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
	return { values: logs.map((value) => value - mean), mean };
}

/** Least and greatest logarithm. */
export function logRange(values: Float64Array): { low: number; high: number } {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const value of values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	return { low: Math.log(low), high: Math.log(high) };
}

/** x^−exponent of centered logarithms. */
export function powers(logs: Float64Array, exponent: number): Float64Array {
	return logs.map((value) => Math.exp(-exponent * value));
}
