import type { LawOnPoints } from "./loss-law.ts";
import { type Minimum, minimise, type Patience } from "./minimise.ts";
import { regression } from "./regression.ts";
import { contribution, type RobustLoss, residualOf } from "./robust-loss.ts";

/** A law with the losses it is to meet, each with its weight. */
export interface Problem {
	law: LawOnPoints;
	logLoss: Float64Array;
	weights: Float64Array;
}

/** What the starts came to. */
export interface Search {
	/** Distinct local minima, ascending in their objective; at least one. */
	minima: Minimum[];
	/** How many starts there were. */
	starts: number;
	/** Share of the starts that come within a relative 1e-6 of the best objective. */
	agreement: number;
}

/** Minima kept: more say no more about the fit. */
const KEPT = 8;

/**
 * Takes every start to its local minimum of the first loss, and the distinct minima through the remaining losses. Null
 * when no start has a finite objective.
 */
export function searchMinima(problem: Problem, losses: readonly RobustLoss[]): Search | null {
	const starts = problem.law.starts();
	const ends = starts
		.map((start) => solve(problem, losses.slice(0, 1), start, { limit: 80 }))
		.filter(({ value }) => Number.isFinite(value))
		.sort((a, b) => a.value - b.value);
	if (ends.length === 0) return null;
	const limit = ends[0]!.value * (1 + 1e-6) + negligible(problem, losses[0]!);
	const agreement = ends.filter(({ value }) => value <= limit).length / starts.length;
	const distinct: Minimum[] = [ends[0]!];
	for (const end of ends)
		if (end.converged && distinct.length < KEPT && !distinct.some((other) => isSame(other, end))) distinct.push(end);
	// A search that ran out of patience goes on from where it was.
	const rest = losses.length > 1 ? losses.slice(1) : losses;
	const minima = distinct.map((end) => (losses.length > 1 || !end.converged ? solve(problem, rest, end.theta) : end));
	return { minima: minima.sort((a, b) => a.value - b.value), starts: starts.length, agreement };
}

/** From a start through the losses one after another: the local minimum of the last one. */
export function solve(
	problem: Problem,
	losses: readonly RobustLoss[],
	start: Float64Array,
	patience?: Patience,
): Minimum {
	const { law, logLoss, weights } = problem;
	let theta = start;
	let minimum: Minimum | null = null;
	for (const loss of losses) {
		minimum = minimise(regression(law, logLoss, weights, loss), theta, law.bounds, patience);
		theta = minimum.theta;
	}
	return minimum!;
}

/** The sum that is reported at θ: Σ |r| itself for least absolute deviations. */
export function objectiveAt({ law, logLoss, weights }: Problem, loss: RobustLoss, theta: Float64Array): number {
	const gradient = new Float64Array(law.size);
	const hessian = new Float64Array(law.size ** 2);
	let sum = 0;
	for (let i = 0; i < logLoss.length; i++)
		sum += weights[i]! * contribution(loss, residualOf(loss, law.predict(theta, i, gradient, hessian), logLoss[i]!));
	return sum;
}

/** The objective of residuals of 1e-9, as rounding leaves them on data without noise. */
export function negligible({ weights }: Problem, loss: RobustLoss): number {
	return weights.reduce((sum, weight) => sum + weight, 0) * contribution(loss, 1e-9);
}

function isSame(a: Minimum, b: Minimum): boolean {
	return a.theta.every((value, j) => Math.abs(value - b.theta[j]!) <= 1e-3 * Math.max(1, Math.abs(value)));
}
