import { type Minimum, minimize, type Patience } from "../../maths/minimize.ts";
import type { LawOnPoints } from "./parametric-law.ts";
import { regression } from "./regression.ts";
import { contribution, huber, type RobustLoss, residualOf } from "./robust-loss.ts";

/** A law with its target losses and their weights. */
export interface Problem {
	law: LawOnPoints;
	logLoss: Float64Array;
	weights: Float64Array;
}

/** The result of a search from all starts. */
export interface Search {
	/** Distinct local minima, lowest objective first; at least one. */
	minima: Minimum[];
	/** Number of starts. */
	starts: number;
	/** Share of the starts that end within a relative 1e-6 of the best objective. */
	agreement: number;
}

/** Maximum number of minima to keep. */
const KEPT = 8;

/** Evaluations allowed per start, and the number of unfinished searches that may continue. */
const PATIENCE = 80;
const CONTINUED = 3;

/**
 * Follows every start to its local minimum of the first loss, then follows the distinct minima through the remaining
 * losses. Null when no start has a finite objective.
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
	// Searches that used up their evaluations, as in valleys of ill-determined laws, resume from where they stopped.
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

/** Minimizes the losses in sequence from a start; returns the local minimum of the last one. */
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

/** The objective reported at θ; for least absolute deviations, Σ |r| itself. */
export function objectiveAt({ law, logLoss, weights }: Problem, loss: RobustLoss, theta: Float64Array): number {
	const gradient = new Float64Array(law.size);
	const hessian = new Float64Array(law.size ** 2);
	let sum = 0;
	for (let i = 0; i < logLoss.length; i++)
		sum += weights[i]! * contribution(loss, residualOf(loss, law.predict(theta, i, gradient, hessian), logLoss[i]!));
	return sum;
}

/** The objective if all residuals had this size, as rounding leaves them on noise-free data. */
export function rounding({ weights }: Problem, { scale, knee }: RobustLoss, size: number): number {
	return weights.reduce((sum, weight) => sum + weight, 0) * scale * huber(size, knee);
}

/** Whether two searches ended in the same minimum. */
export function isSame(a: Minimum, b: Minimum): boolean {
	return a.theta.every((value, j) => Math.abs(value - b.theta[j]!) <= 1e-3 * Math.max(1, Math.abs(value)));
}
