import type { Estimate, Fit, LeftOut, LossName } from "../fitting/fit.ts";
import type { ParametricLaw } from "../fitting/parametric-law.ts";
import type { HullEdges, HullPoints } from "../method1/hull.ts";
import type { AnalysisOptions, StudyAnalysis } from "../method1/study-analysis.ts";
import type { Base } from "../parametric-laws/data-constrained-fit.ts";
import type { CurveRun } from "../points/curve-run.ts";
import type { Point } from "../points/point.ts";
import type { PreparedPoints } from "../points/prepare-points.ts";
import type { Prediction } from "../power-laws/predict.ts";

/** Options of all methods. */
export interface MethodOptions {
	/** The loss that Method 3 and the other laws of N and D minimize. */
	loss: LossName;
	/** Knee of the Huber loss in ln L. */
	delta: number;
	/** Bootstrap resamples; 0 for no intervals. */
	resamples: number;
	seed: number;
	/** Nominal coverage of the intervals, in (0, 1). */
	interval: number;
	/** σ of noise-and-interpolate, nats per token; null for the scatter of the points themselves. */
	noise: number | null;
	/** Of Method 1's convex hull. Default: of the points as measured, without the smallest and the largest size. */
	hull?: { points: HullPoints; edges: HullEdges };
	/** Compute to predict at, FLOP. */
	at: readonly number[];
	/** Vocabulary size, for the ceiling of Rosenfeld's law. */
	vocabulary: number;
	/** Where the data-constrained law takes E, A, B, α and β from. Default "joint". */
	base?: Base;
}

/** The points that all methods fit, with properties of them that several methods need. */
export interface PointsToFit {
	prepared: PreparedPoints;
	/** For laws of N and D: the prepared points, thinned evenly when there are too many. */
	points: readonly Point[];
	leftOut: readonly LeftOut[];
	/** Scatter of whole curves in ln L; null where the curves do not show it. */
	curveScatter: { deviation: number; freedom: number } | null;
	/** Scatter in ln L of single runs about the IsoFLOP valleys; null where the valleys do not show it. */
	valleyScatter: { deviation: number; freedom: number } | null;
	/** C / (N·D), the median over the points; 6 unless compute is counted otherwise. */
	flopsFactor: number;
	/** Fits a law to `points`, without intervals. Cached by the law's name. */
	fitLaw(law: ParametricLaw): Fit;
}

/** What the columns of a series hold; `residual` is ln L̂ − ln L. */
export type Quantity = "flops" | "parameters" | "tokens" | "loss" | "residual";

/** Numbers to draw: columns of equal length. */
export interface Series {
	/** For a legend, such as "crossings". */
	name: string;
	kind: "points" | "line";
	x: { quantity: Quantity; values: number[] };
	y: { quantity: Quantity; values: number[] };
}

/** An exponent with its interval; `estimate` is null where the points do not determine it. */
export type Exponent = Pick<Estimate, "low" | "high"> & { estimate: number | null };

/** One variant of a method, as tables and charts show it. */
export interface Reading {
	/** Such as "Method 2, Akima". */
	title: string;
	/** a in N* ∝ C^a. */
	allocation: Fit;
	/** b in D* ∝ C^b; null if the law has no such exponent. */
	tokens: Exponent | null;
	/** γ in L* ∝ C^−γ; null if the law has no such exponent. */
	lossNoOffset: Exponent | null;
	/** γ in L* − E ∝ C^−γ; null if the law has no such exponent. */
	lossWithOffset: Exponent | null;
	/** The underlying law of N and D, for listing its parameters; null for methods without one. */
	law: Fit | null;
	predictions: readonly Prediction[];
	/** Fits whose reasons, warnings and left-out runs are listed under this title. */
	notes: { title: string; fits: readonly Fit[] };
	series: Series[];
}

/** A way to fit points. `Report` is what it adds to the analysis, keyed by name in JSON. */
export interface FitMethod<Id extends string, Report extends object> {
	/** Its name on the command line. */
	id: Id;
	title: string;
	/** What the points must have, for display. */
	needs: string;
	fit(points: PointsToFit, options: MethodOptions): Report;
	/** Fits a study's runs, finished or still training, in both conventions; absent for methods that only fit points. */
	fitStudy?(runs: readonly CurveRun[], options?: AnalysisOptions): StudyAnalysis;
	/** The readings of a report, for tables and charts; empty if the analysis lacks this method's report. */
	readings(report: Partial<Report>, options: Pick<MethodOptions, "vocabulary">): Reading[];
	/** The law of N and D to compare with others on held-out runs; absent for methods without such a law. */
	law?(options: Pick<MethodOptions, "vocabulary">): ParametricLaw;
}

/** Defines a method, inferring its type parameters. */
export function defineMethod<const Id extends string, Report extends object>(
	method: FitMethod<Id, Report>,
): FitMethod<Id, Report> {
	return method;
}
