/** A number with its interval; the interval is null when no resamples were asked for, or one of its ends is infinite. */
export interface Estimate {
	estimate: number;
	low: number | null;
	high: number | null;
}

/** A run that a fit does not rest on, and why. */
export interface LeftOut {
	run: string;
	reason: string;
}

/** A point that a fit was drawn through, in the units of its formula. */
export interface FitPoint {
	x: number;
	y: number;
	/** Ids of the runs it comes from: two sizes' where one curve crosses another. */
	runs: string[];
}

/**
 * An estimate with an interval, its diagnostics, and the runs it rests on. Plain JSON: every number is finite, and
 * what could not be determined is null with a reason.
 */
export interface Fit {
	/** The exponent; null when it cannot be determined, and `reason` then says what is missing. */
	estimate: number | null;
	/** Ends of the interval; null when there is no estimate or no resamples were asked for. */
	low: number | null;
	high: number | null;
	/** Nominal coverage of the interval, such as 0.9. */
	level: number;
	/** Null exactly when there is an estimate. */
	reason: string | null;
	/** How it was estimated, in words. */
	method: string;
	/** The law, such as "N* = kN · C^a". */
	formula: string;
	/** Every parameter of the law by the name it has in `formula`, the exponent included. Empty without an estimate. */
	parameters: Record<string, Estimate>;
	/** Root mean square of the residuals in natural logs of y; null without an estimate. */
	residual: number | null;
	/** The points it was fitted to. */
	points: FitPoint[];
	/** Ids of the runs it rests on. */
	runs: string[];
	leftOut: LeftOut[];
	warnings: string[];
	/** Resamples that gave an estimate; the interval is over these. */
	resamples: number;
}
