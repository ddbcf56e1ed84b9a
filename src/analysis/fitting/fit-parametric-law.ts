import { type Point, usablePoints } from "../points/point.ts";
import type { Fit } from "./fit.ts";
import { fitResponse, problemOf, withDefaults } from "./fit-response.ts";
import type { LawFitOptions, LawParameters, ParametricLaw } from "./parametric-law.ts";
import { lossSequence } from "./robust-loss.ts";
import { solve } from "./search-minima.ts";

/**
 * Fits a law of the loss to points of equal weight, without intervals. For intervals, see `withIntervals`.
 */
export function fitParametricLaw(law: ParametricLaw, points: readonly Point[], options: LawFitOptions = {}): Fit {
	const { used, leftOut } = usablePoints(points, law.variables);
	return fitResponse({ ...law, response: ({ loss }) => loss, show }, used, leftOut, options);
}

function show({ run, parameters, tokens, loss }: Point): Fit["points"][number] {
	return { x: parameters, tokens, y: loss, runs: [run] };
}

/** Refits a law with other weights: 0 for a point that was not drawn, 2 for one drawn twice. */
export type Refit = (weights: ArrayLike<number>) => LawParameters | null;

/**
 * A fast refit for resampling: a local search from the parameters of the original fit.
 *
 * @param points the fit's points, all usable; a refit's weights are in the same order
 * @param start the fit's parameters
 * @returns a function that returns the refitted parameters, or null if the weighted points do not determine them
 */
export function refitter(
	law: ParametricLaw,
	points: readonly Point[],
	start: LawParameters,
	options: LawFitOptions = {},
): Refit {
	const { loss, delta } = withDefaults(options);
	const prepared = law.prepare(points);
	if (typeof prepared === "string") return () => null;
	const problem = problemOf(
		prepared,
		points.map((point) => point.loss),
	);
	// The scatter between resamples is far larger than the effect of the last steps.
	const losses = lossSequence(loss, delta).filter(({ knee }) => knee >= Math.min(delta, 1e-6));
	const patience = { precision: 1e-10 };
	const theta = prepared.theta(start);
	return (weights) => {
		problem.weights.set(weights);
		const minimum = solve(problem, losses, theta, patience);
		if (!Number.isFinite(minimum.value)) return null;
		const values = prepared.parameters(minimum.theta);
		const atBound = minimum.atBound.map((j) => prepared.names[j]!);
		const sound = Object.values(values).every(Number.isFinite) && prepared.undetermined(atBound) === null;
		return sound ? values : null;
	};
}
