/** An estimate with its interval; the ends are null where it has none. */
export interface Measured {
	estimate: number;
	low: number | null;
	high: number | null;
}

/** How an interval fares over many studies. */
export interface QuantityCoverage {
	/** Share of the intervals that hold the truth, and of those that hold their own estimate. */
	covered: number;
	holdsEstimate: number;
	/** Share of the studies with an interval. */
	determined: number;
	/** Mean of the estimate minus the truth, and its standard deviation; relative to the truth if so asked. */
	bias: number;
	spread: number;
	/** Median width, on the same scale. */
	width: number;
}

/**
 * Coverage of one quantity.
 *
 * @param all of each study the estimate with what is true, or null without one
 * @param relative whether errors and widths are shares of the truth
 */
export function summary(all: readonly ((Measured & { truth: number }) | null)[], relative: boolean): QuantityCoverage {
	const found = all.flatMap((one) =>
		one && one.low !== null && one.high !== null ? [{ ...one, low: one.low, high: one.high }] : [],
	);
	const share = (holds: (one: (typeof found)[number]) => boolean) => found.filter(holds).length / found.length;
	const scale = (truth: number) => (relative ? truth : 1);
	const errors = found.map(({ estimate, truth }) => (estimate - truth) / scale(truth));
	const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length;
	const widths = found.map(({ low, high, truth }) => (high - low) / scale(truth)).sort((p, q) => p - q);
	return {
		covered: share(({ low, high, truth }) => low <= truth && truth <= high),
		holdsEstimate: share(({ estimate, low, high }) => low <= estimate && estimate <= high),
		determined: found.length / all.length,
		bias,
		spread: Math.sqrt(errors.reduce((sum, error) => sum + (error - bias) ** 2, 0) / errors.length),
		width: widths[widths.length >> 1] ?? Number.NaN,
	};
}
