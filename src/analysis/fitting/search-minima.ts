import { type Minimum, minimize, type Patience } from "../../maths/minimize.ts";
import type { LawOnPoints } from "./parametric-law.ts";
import { regression } from "./regression.ts";
import { contribution, huber, type RobustLoss, residualOf } from "./robust-loss.ts";

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

/** Evaluations granted to each start, and how many of those that need more get them. */
const PATIENCE = 80;
const CONTINUED = 3;

/**
 * Takes every start to its local minimum of the first loss, and the distinct minima through the remaining losses. Null
 * when no start has a finite objective.
 */
export function searchMinima(problem: Problem, losses: readonly RobustLoss[]): Search | null {
	const starts = problem.law.starts();
	const ends = starts
		.map((start) => solve(problem, losses.slice(0, 1), start, { limit: PATIENCE }))
		.filter(({ value }) => Number.isFinite(value))
		.sort((a, b) => a.value - b.value);
	if (ends.length === 0) return null;
	const near = ends[0]!.value * (1 + 1e-6) + rounding(problem, losses[0]!, 1e-9);
	const agreement = ends.filter(({ value }) => value <= near).length / starts.length;
	// Searches that ran out of patience, as along the valleys of ill-determined laws, go on from where they were.
	const limit = Math.min(4000, Math.max(200, Math.round(6e5 / problem.logLoss.length)));
	const unfinished = ends.filter(({ converged }) => !converged).slice(0, CONTINUED);
	const finished = [
		...ends.filter(({ converged }) => converged),
		...unfinished.map(({ theta }) => solve(problem, losses.slice(0, 1), theta, { limit })),
	].sort((a, b) => a.value - b.value);
	const distinct: Minimum[] = [finished[0]!];
	for (const end of finished)
		if (end.converged && distinct.length < KEPT && !distinct.some((other) => isSame(other, end))) distinct.push(end);
	const rest = losses.slice(1);
	const minima = rest.length === 0 ? distinct : distinct.map(({ theta }) => solve(problem, rest, theta));
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
		const floor = rounding(problem, loss, 1e-13);
		minimum = minimize(regression(law, logLoss, weights, loss), theta, law.bounds, { floor, ...patience });
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

/** The objective of residuals of this size, as rounding leaves them on data without noise. */
export function rounding({ weights }: Problem, { scale, knee }: RobustLoss, size: number): number {
	return weights.reduce((sum, weight) => sum + weight, 0) * scale * huber(size, knee);
}

/** Whether two searches ended in one minimum. */
export function isSame(a: Minimum, b: Minimum): boolean {
	return a.theta.every((value, j) => Math.abs(value - b.theta[j]!) <= 1e-3 * Math.max(1, Math.abs(value)));
}
