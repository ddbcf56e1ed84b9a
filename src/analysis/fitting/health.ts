import type { Minimum } from "../../maths/minimize.ts";
import { minimize } from "../../maths/minimize.ts";
import { conditionNumber } from "../../maths/small-matrix.ts";
import type { Health } from "./fit.ts";
import { regression } from "./regression.ts";
import type { RobustLoss } from "./robust-loss.ts";
import { isSame, objectiveAt, type Problem, rounding, type Search } from "./search-minima.ts";

/** Minima whose objectives differ by less than this share describe the points equally well. */
const NEARLY = 2e-3;

/** Diagnostics of a search's result. `best` is the minimum on all points. */
export function describeHealth(problem: Problem, loss: RobustLoss, search: Search, best: Minimum): Health {
	const { law } = problem;
	const value = objectiveAt(problem, loss, best.theta);
	const tied = search.minima
		.filter((minimum) => !isSame(minimum, best))
		.map((minimum) => ({ minimum, objective: objectiveAt(problem, loss, minimum.theta) }))
		.filter(({ objective }) => objective <= value * (1 + NEARLY) + rounding(problem, loss, 1e-9));
	const { lower, upper } = law.bounds;
	const rows = Array.from({ length: law.size }, (_, j) => j).filter(
		(j) => !best.atBound.includes(j) && lower[j] !== upper[j],
	);
	// For least absolute deviations, only the few zero residuals enter the Hessian; use the Gauss–Newton matrix instead.
	const matrix = loss.name === "lad" ? gaussNewton(problem, best.theta) : best.derivatives.hessian;
	return {
		starts: search.starts,
		agreement: search.agreement,
		gradientNorm: best.gradientNorm,
		condition: conditionNumber(matrix, law.size, rows),
		nearTies: tied
			.map(({ minimum, objective }) => ({ parameters: law.parameters(minimum.theta), objective }))
			.filter(({ parameters }) => Object.values(parameters).every(Number.isFinite)),
		atBound: best.atBound.map((j) => law.names[j]!),
	};
}

/** The Gauss–Newton matrix Σ w ∇r ∇rᵀ. */
function gaussNewton({ law, logLoss, weights }: Problem, theta: Float64Array): Float64Array {
	const plain: RobustLoss = { name: "log-mse", scale: 1, knee: Number.POSITIVE_INFINITY, raw: false };
	return minimize(regression(law, logLoss, weights, plain), theta, law.bounds, { limit: 1 }).derivatives.metric;
}
