import type { Bounds } from "../../maths/minimize.ts";
import type { Point, Variable } from "../points/point.ts";
import type { LossName } from "./fit.ts";
import type { LogLaw } from "./regression.ts";

/** The parameters of a law by the names in its formula, derived exponents included. */
export type LawParameters = Record<string, number>;

/** A law of the loss: everything that `fitParametricLaw` needs to fit it, and others to predict with it. */
export interface ParametricLaw {
	/** As on the command line: "method3". */
	name: string;
	/** For people, with its source. */
	title: string;
	formula: string;
	/** The parameter that is a fit's `estimate`. */
	headline: string;
	/**
	 * Parameters whose intervals come from the profile of the objective, for laws with several minima of nearly the same
	 * objective. When the headline's interval is open, there is no estimate and the reason is that interval.
	 */
	profiled?: readonly string[];
	/** What it needs of a point besides the loss. */
	variables: readonly Variable[];
	/** The law on these points, all usable; or what they lack to determine it, as a sentence's end. */
	prepare(points: readonly Point[]): LawOnPoints | string;
	/** L̂ in nats per token. */
	loss(parameters: LawParameters, point: Point): number;
}

/** A law on given points, in inner parameters θ that suit minimization: logarithms, centered on the points. */
export interface LawOnPoints extends LogLaw {
	/** Names of θ's entries, of the parameters that they stand for. */
	names: readonly string[];
	bounds: Bounds;
	/** Starting points, the most likely first. */
	starts(): Float64Array[];
	parameters(theta: Float64Array): LawParameters;
	theta(parameters: LawParameters): Float64Array;
	/** What these points do not determine when the parameters named are at a bound; null when the rest stands. */
	undetermined(atBound: readonly string[]): string | null;
}

/** How a law is fitted. */
export interface LawFitOptions {
	/** Default "huber". */
	loss?: LossName;
	/** Knee of the Huber loss in ln L. Default 1e-3, as Hoffmann et al. */
	delta?: number;
	/** Nominal coverage of intervals, in (0, 1). Default 0.9. */
	interval?: number;
}
