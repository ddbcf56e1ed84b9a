/** A number with its interval. The ends are null if no resamples were requested, or if an end would be infinite. */
export interface Estimate {
	estimate: number;
	low: number | null;
	high: number | null;
}

/** A run that a fit does not use, with the reason. */
export interface LeftOut {
	run: string;
	reason: string;
}

/** A point used in a fit, in the units of the formula. */
export interface FitPoint {
	x: number;
	y: number;
	/** D, for laws of parameters and tokens; x is then N and y the loss. */
	tokens?: number;
	/** Ids of the runs it comes from; at a crossing of two curves, those of both sizes. */
	runs: string[];
}

/** How residuals are combined. See `robust-loss.ts` for the formulas. */
export const LOSSES = ["huber", "lad", "log-mse", "mse"] as const;
export type LossName = (typeof LOSSES)[number];

/** What a fit minimized, and the value it reached. */
export interface FitObjective {
	loss: LossName;
	/** Knee of the Huber loss in ln L; null for the others. */
	delta: number | null;
	/** The value of the objective at the optimum, summed over the points. */
	value: number;
}

/** Another minimum with nearly the same objective: the data do not distinguish it from the estimate. */
export interface TiedMinimum {
	parameters: Record<string, number>;
	objective: number;
}

/** Diagnostics of a fit's minimum. */
export interface Health {
	/** Number of starting points tried. */
	starts: number;
	/** Share of the starts that end within a relative 1e-6 of the best objective. */
	agreement: number;
	/** Euclidean norm of the objective's gradient at the estimate, over the parameters that are not at a bound. */
	gradientNorm: number;
	/**
	 * Condition number of the objective's Hessian at the estimate, scaled to a unit diagonal to be independent of units.
	 * Null when it is singular: some combination of the parameters is then not determined.
	 */
	condition: number | null;
	/** Other distinct minima whose objective is within a relative 2e-3 of the best. */
	nearTies: TiedMinimum[];
	/** Parameters at a bound, and therefore not determined by the points. */
	atBound: string[];
	/** Intervals from the profile of the objective, where a bootstrap would be misleading; an open end is null. */
	profiles?: Record<string, ProfileInterval>;
}

/** The values of a parameter that the data cannot distinguish from the best, with the others refitted at each value. */
export interface ProfileInterval {
	low: number | null;
	high: number | null;
	level: number;
	/** For display, such as "R_D* ≥ 5.2, no upper bound". */
	text: string;
}

/**
 * An estimate with its interval, its diagnostics, and the runs it uses. Plain JSON: every number is finite; what could
 * not be determined is null, with a reason.
 */
export interface Fit {
	/** The exponent, or other headline parameter; null when it cannot be determined, for the reason in `reason`. */
	estimate: number | null;
	/** Ends of the interval; null when there is no estimate or no resamples were requested. */
	low: number | null;
	high: number | null;
	/** Nominal coverage of the interval, such as 0.9. */
	level: number;
	/** Null if and only if there is an estimate. */
	reason: string | null;
	/** How it was estimated, in words. */
	method: string;
	/** The law, such as "N* = kN · C^a". */
	formula: string;
	/**
	 * Every parameter of the law, including the exponent, by its name in `formula`. Empty without an estimate, except
	 * when a profile is open (`health.profiles`): then the parameters are those of the best minimum found.
	 */
	parameters: Record<string, Estimate>;
	/** Root mean square of the residuals in natural logs of y; null without an estimate. */
	residual: number | null;
	/** The fitted points. */
	points: FitPoint[];
	/** Ids of the runs it uses. */
	runs: string[];
	/** Runs it does not use: all of them, or the first 50 for each reason. */
	leftOut: LeftOut[];
	/** Number of left-out runs beyond those listed, by reason; absent when all are listed. */
	leftOutMore?: { reason: string; runs: number }[];
	warnings: string[];
	/** Number of resamples that gave an estimate; the interval is based on these. */
	resamples: number;
	/** What was minimized; absent if the method minimizes nothing or there is no estimate. */
	objective?: FitObjective;
	/** Absent if the method does no search or there is no estimate. */
	health?: Health;
	/** How the resamples were made; absent without resamples, or if `method` says it. */
	bootstrap?: Bootstrap;
}

/** A bootstrap clustered by run. */
export interface Bootstrap {
	/** With many runs, they are drawn with replacement; with few, they are shifted about the law by their own scatter. */
	kind: "runs drawn with replacement" | "runs moved";
	/** Number of clusters. */
	runs: number;
	/** Bias-corrected and accelerated intervals, in addition to the percentiles; null for a parameter without one. */
	bca?: Record<string, { low: number; high: number } | null>;
}

/** A fit's parameters without their intervals. */
export function estimatesOf({ parameters }: Pick<Fit, "parameters">): Record<string, number> {
	return Object.fromEntries(Object.entries(parameters).map(([name, { estimate }]) => [name, estimate]));
}
