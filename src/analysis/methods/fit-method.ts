import type { Estimate, Fit, LeftOut, LossName } from "../fitting/fit.ts";
import type { ParametricLaw } from "../fitting/parametric-law.ts";
import type { AnalysisOptions, StudyAnalysis } from "../method1/study-analysis.ts";
import type { CurveRun } from "../points/curve-run.ts";
import type { Point } from "../points/point.ts";
import type { PreparedPoints } from "../points/prepare-points.ts";
import type { Prediction } from "../power-laws/predict.ts";

/** How methods fit. */
export interface MethodOptions {
	/** What Method 3 and the other laws of N and D minimize. */
	loss: LossName;
	/** Knee of the Huber loss in ln L. */
	delta: number;
	/** Bootstrap resamples; 0 for no intervals. */
	resamples: number;
	seed: number;
	/** Nominal coverage of the intervals, in (0, 1). */
	interval: number;
	/** σ of noise-and-interpolate, nats per token. */
	noise: number;
	/** Compute to predict at, FLOP. */
	at: readonly number[];
	/** Vocabulary size, for the ceiling of Rosenfeld's law. */
	vocabulary: number;
}

/** The points that all methods fit, with what several of them need to know about those points. */
export interface PointsToFit {
	prepared: PreparedPoints;
	/** For laws of N and D: the prepared points, thinned evenly if there are very many. */
	points: readonly Point[];
	leftOut: readonly LeftOut[];
	/** How far whole curves scatter in ln L; null where the curves do not show it. */
	curveScatter: { deviation: number; freedom: number } | null;
	/** How far single runs scatter about the valleys of equal compute; null where the valleys do not show it. */
	valleyScatter: { deviation: number; freedom: number } | null;
	/** C / (N·D), the median over the points; 6 unless compute is counted otherwise. */
	flopsFactor: number;
	/** A law fitted to `points`, without intervals; computed once. */
	fitLaw(law: ParametricLaw): Fit;
}

/** What the columns of a series hold; `residual` is ln L̂ − ln L. */
export type Quantity = "flops" | "parameters" | "tokens" | "loss" | "residual";

/** Numbers to draw: columns of equal length. */
export interface Series {
	/** For a legend: "crossings". */
	name: string;
	kind: "points" | "line";
	x: { quantity: Quantity; values: number[] };
	y: { quantity: Quantity; values: number[] };
}

/** An exponent with its interval; `estimate` is null where the points do not determine it. */
export type Exponent = Pick<Estimate, "low" | "high"> & { estimate: number | null };

/** One variant of a method as tables and charts show it. */
export interface Reading {
	/** "Method 2, Akima". */
	title: string;
	/** a of N* ∝ C^a. */
	allocation: Fit;
	/** b of D* ∝ C^b; null for a law that has none. */
	tokens: Exponent | null;
	/** γ of L* ∝ C^−γ; null as above. */
	lossNoOffset: Exponent | null;
	/** γ of L* − E ∝ C^−γ; null as above. */
	lossWithOffset: Exponent | null;
	/** The law of N and D behind it, whose parameters are worth listing; null for a method without one. */
	law: Fit | null;
	predictions: readonly Prediction[];
	/** Fits whose reasons, warnings and left-out runs are to be listed, under this title. */
	notes: { title: string; fits: readonly Fit[] };
	series: Series[];
}

/** A way to fit points. `Report` holds its entries of the analysis, by the names they have in JSON. */
export interface FitMethod<Id extends string, Report extends object> {
	/** As on the command line. */
	id: Id;
	title: string;
	/** What the points must have, for people. */
	needs: string;
	fit(points: PointsToFit, options: MethodOptions): Report;
	/** Fits a study's own runs in both conventions, while they train and after; absent for methods that only fit points. */
	fitStudy?(runs: readonly CurveRun[], options?: AnalysisOptions): StudyAnalysis;
	/** What the report says, for tables and charts; empty if the analysis does not hold it. */
	readings(report: Partial<Report>, options: Pick<MethodOptions, "vocabulary">): Reading[];
	/** The law of N and D to compare with others on held-out runs; absent for methods without one. */
	law?(options: Pick<MethodOptions, "vocabulary">): ParametricLaw;
}

/** Infers the types of a method from its definition. */
export function defineMethod<const Id extends string, Report extends object>(
	method: FitMethod<Id, Report>,
): FitMethod<Id, Report> {
	return method;
}
