import type { Bounds } from "../../maths/minimize.ts";
import type { Point, Variable } from "../points/point.ts";
import type { LossName } from "./fit.ts";
import type { LogLaw } from "./regression.ts";

/** A law's parameters by their names in the formula, including derived exponents. */
export type LawParameters = Record<string, number>;

/** A law of the loss, with all that is needed to fit it (`fitParametricLaw`) and to predict with it. */
export interface ParametricLaw {
	/** Its name on the command line, such as "method3". */
	name: string;
	/** For display, with its source. */
	title: string;
	formula: string;
	/** The parameter that becomes the fit's `estimate`. */
	headline: string;
	/**
	 * Parameters whose intervals come from the profile of the objective, for laws with several minima of nearly the same
	 * objective. If the headline's interval is open, there is no estimate, and the interval is given as the reason.
	 */
	profiled?: readonly string[];
	/** The variables of a point that it uses besides the loss. */
	variables: readonly Variable[];
	/** The law on these points, all usable; or why they cannot determine it, as the end of a sentence. */
	prepare(points: readonly Point[]): LawOnPoints | string;
	/** L̂ in nats per token. */
	loss(parameters: LawParameters, point: Point): number;
}

/** A law on given points, in inner parameters θ chosen for minimization: logarithms, centered on the points. */
export interface LawOnPoints extends LogLaw {
	/** The names of the parameters that the entries of θ represent. */
	names: readonly string[];
	bounds: Bounds;
	/** Starting points, most promising first. */
	starts(): Float64Array[];
	parameters(theta: Float64Array): LawParameters;
	theta(parameters: LawParameters): Float64Array;
	/** Why the points do not determine the law when the named parameters are at a bound; null when they do. */
	undetermined(atBound: readonly string[]): string | null;
}

/** Options for fitting a law. */
export interface LawFitOptions {
	/** Default "huber". */
	loss?: LossName;
	/** Knee of the Huber loss in ln L. Default 1e-3, as Hoffmann et al. */
	delta?: number;
	/** Nominal coverage of intervals, in (0, 1). Default 0.9. */
	interval?: number;
}
