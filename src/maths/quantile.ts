/** Quantile of ascending values, by linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
	const position = (sorted.length - 1) * p;
	const below = Math.floor(position);
	const above = Math.min(below + 1, sorted.length - 1);
	// The difference of two equal infinities would be NaN.
	if (sorted[below] === sorted[above]) return sorted[below]!;
	return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** The central interval that holds a share `level` of the values; null without values or if an end is infinite. */
export function centralInterval(values: readonly number[], level: number): { low: number; high: number } | null {
	if (values.length === 0) return null;
	const sorted = Float64Array.from(values).sort();
	const low = quantileSorted(sorted, (1 - level) / 2);
	const high = quantileSorted(sorted, (1 + level) / 2);
	return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null;
}

/**
 * A bootstrap interval around an estimate: the central interval of its draws, widened where needed to hold the estimate.
 * `failed` further draws gave nothing. What they might have given is unknown, so they count as infinitely low and high in
 * equal shares; dropping them would narrow the interval to the resamples that went well.
 *
 * @returns null without draws or if an end would be infinite
 */
export function intervalAround(
	estimate: number,
	draws: readonly number[],
	failed: number,
	level: number,
): { low: number; high: number } | null {
	const below = Math.ceil(failed / 2);
	const all = [
		...draws,
		...new Array<number>(below).fill(Number.NEGATIVE_INFINITY),
		...new Array<number>(failed - below).fill(Number.POSITIVE_INFINITY),
	];
	const ends = draws.length > 0 ? centralInterval(all, level) : null;
	return ends && { low: Math.min(ends.low, estimate), high: Math.max(ends.high, estimate) };
}
