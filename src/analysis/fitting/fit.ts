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
	/** D, for laws of parameters and tokens; x is then N and y the loss. */
	tokens?: number;
	/** Ids of the runs it comes from: two sizes' where one curve crosses another. */
	runs: string[];
}

/** How residuals are summed up. See `robust-loss.ts` for the formulas. */
export const LOSSES = ["huber", "lad", "log-mse", "mse"] as const;
export type LossName = (typeof LOSSES)[number];

/** What a fit minimized, and how far it came. */
export interface FitObjective {
	loss: LossName;
	/** Knee of the Huber loss in ln L; null for the others. */
	delta: number | null;
	/** The sum over the points at the optimum. */
	value: number;
}

/** Another minimum of nearly the same objective: the data do not choose between it and the estimate. */
export interface TiedMinimum {
	parameters: Record<string, number>;
	objective: number;
}

/** How far a fit can be trusted as a minimum. */
export interface Health {
	/** Starting points tried. */
	starts: number;
	/** Share of the starts that end within a relative 1e-6 of the best objective. */
	agreement: number;
	/** Euclidean norm of the objective's gradient at the estimate, in the parameters that are not at a bound. */
	gradientNorm: number;
	/**
	 * Condition number of the objective's Hessian at the estimate, scaled to a unit diagonal so that units do not matter;
	 * null when it is singular: then some combination of the parameters is not determined.
	 */
	condition: number | null;
	/** Distinct other minima whose objective is within a relative 2e-3 of the best. */
	nearTies: TiedMinimum[];
	/** Parameters that ended at a bound, and so are not determined by the points. */
	atBound: string[];
	/** Intervals from the profile of the objective, where a bootstrap would mislead; an open end is null. */
	profiles?: Record<string, ProfileInterval>;
}

/** All values of a parameter that the data cannot tell from the best, the others refitted at each. */
export interface ProfileInterval {
	low: number | null;
	high: number | null;
	level: number;
	/** For people: "R_D* ≥ 5.2, no upper bound". */
	text: string;
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
	/**
	 * Every parameter of the law by the name it has in `formula`, the exponent included. Empty without an estimate, save
	 * where a profile says that the points leave it open (`health.profiles`): then that of the best minimum found.
	 */
	parameters: Record<string, Estimate>;
	/** Root mean square of the residuals in natural logs of y; null without an estimate. */
	residual: number | null;
	/** The points it was fitted to. */
	points: FitPoint[];
	/** Ids of the runs it rests on. */
	runs: string[];
	/** Runs it does not rest on: all of them, or the first 50 with each reason. */
	leftOut: LeftOut[];
	/** How many runs more than those listed have been left out for a reason; absent when all are listed. */
	leftOutMore?: { reason: string; runs: number }[];
	warnings: string[];
	/** Resamples that gave an estimate; the interval is over these. */
	resamples: number;
	/** What was minimized; absent where a method minimizes nothing, or gives no estimate. */
	objective?: FitObjective;
	/** Absent where a method searches nothing, or gives no estimate. */
	health?: Health;
	/** How the resamples were made; absent without any, and where `method` tells it. */
	bootstrap?: Bootstrap;
}

/** A bootstrap clustered by run. */
export interface Bootstrap {
	/** Many runs are drawn with replacement; few are moved off the law by as much as they scatter. */
	kind: "runs drawn with replacement" | "runs moved";
	/** Clusters. */
	runs: number;
	/** Bias-corrected and accelerated intervals beside the percentiles; a parameter's null where they do not exist. */
	bca?: Record<string, { low: number; high: number } | null>;
}

/** The parameters of a fit without their intervals. */
export function estimatesOf({ parameters }: Pick<Fit, "parameters">): Record<string, number> {
	return Object.fromEntries(Object.entries(parameters).map(([name, { estimate }]) => [name, estimate]));
}
