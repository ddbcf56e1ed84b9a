import { estimatesOf, type Fit } from "../fitting/fit.ts";
import type { LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import { withIntervals } from "../fitting/parametric-law-intervals.ts";
import { finalScatter } from "../fitting/run-scatter.ts";
import { listLeftOut } from "../points/left-out.ts";
import { usablePoints } from "../points/point.ts";
import { optimumOfLaw, type Prediction, predict } from "../power-laws/predict.ts";
import type { MethodOptions, PointsToFit, Reading, Series } from "./fit-method.ts";

/** A fitted law of N and D with its predictions. */
export interface LawReport extends Fit {
	predictions: Prediction[];
}

/** Fits a law of N and D with intervals and predictions. */
export function fitLawReport(law: ParametricLaw, points: PointsToFit, options: MethodOptions): LawReport {
	const { fit, draws } = withIntervals(law, points.points, points.fitLaw(law), options);
	const found = { ...fit, ...listLeftOut([...points.leftOut, ...fit.leftOut]) };
	if (fit.estimate === null) return { ...found, predictions: [] };
	const optimum = (parameters: LawParameters, flops: number) =>
		optimumOfLaw(law, parameters, flops, points.flopsFactor);
	const estimates = estimatesOf(fit);
	const scatter = finalScatter(law, estimates, usablePoints(points.points, law.variables).used);
	return { ...found, predictions: predict(estimates, draws, optimum, scatter, options) };
}

/** The reading of a fitted law of N and D. */
export function lawReading(
	title: string,
	fit: Fit & { predictions?: Prediction[] },
	law: ParametricLaw | null = null,
): Reading {
	const { a, b, γ } = fit.parameters;
	// Some laws also use the names a and b for amplitudes; a is the exponent of N* only if it is the fit's estimate.
	const hasExponents = a?.estimate === fit.estimate;
	return {
		title,
		allocation: fit,
		tokens: hasExponents && b ? b : null,
		lossNoOffset: null,
		lossWithOffset: γ ?? null,
		law: fit,
		predictions: fit.predictions ?? [],
		notes: { title, fits: [fit] },
		series: law && fit.estimate !== null ? [residuals(law, fit)] : [],
	};
}

/** ln L̂ − ln L of each point against its parameters. */
function residuals(law: ParametricLaw, fit: Fit): Series {
	const parameters = estimatesOf(fit);
	const values = fit.points.map(({ x, y, tokens = 0 }) =>
		Math.log(law.loss(parameters, { run: "", parameters: x, tokens, flops: 0, loss: y }) / y),
	);
	return {
		name: "residuals",
		kind: "points",
		x: { quantity: "parameters", values: fit.points.map(({ x }) => x) },
		y: { quantity: "residual", values },
	};
}
