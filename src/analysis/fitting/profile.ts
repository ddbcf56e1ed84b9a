import { type Bounds, type Minimum, minimize } from "../../maths/minimize.ts";
import { studentQuantile } from "../../maths/student.ts";
import type { ProfileInterval } from "./fit.ts";
import { regression } from "./regression.ts";
import { type RobustLoss, residualOf } from "./robust-loss.ts";
import type { Problem } from "./search-minima.ts";

/**
 * The profile of an objective f along one parameter θⱼ, with the others refitted at each value, and the interval of
 * values that the points cannot distinguish from the best. For identically distributed residuals (Ronchetti 1982; for
 * least absolute deviations Koenker & Machado 1999)
 *
 *     2 · (f(θⱼ) − f_min) · E[ρ″] / E[ρ′²]  ~  χ²₁,   or with few points t² with n − p degrees of freedom.
 *
 * For a loss with a knee, E[ρ″] depends on the density of residuals near 0, estimated from their share within Hall and
 * Sheather's (1988) window. Unlike a bootstrap started at one minimum, the profile takes the other minima into account,
 * and its interval can be open.
 *
 * @param minima all known minima, best first; the first few are followed along the profile
 * @param level nominal coverage, in (0, 1)
 */
export function profileInterval(
	problem: Problem,
	loss: RobustLoss,
	minima: readonly Minimum[],
	name: string,
	level: number,
): ProfileInterval {
	const { law } = problem;
	const j = law.names.indexOf(name);
	const ends = profileEnds(problem, loss, minima, j, level);
	const [low, high] = ends.map((end) => {
		if (end === null) return null;
		const theta = minima[0]!.theta.slice();
		theta[j] = end;
		return law.parameters(theta)[name]!;
	});
	return { low: low!, high: high!, level, text: inWords(name, low!, high!) };
}

function inWords(name: string, low: number | null, high: number | null): string {
	const [from, to] = [low, high].map((end) => (end === null ? "" : String(Number(end.toPrecision(2)))));
	if (low === null && high === null) return `no bound on ${name}`;
	if (high === null) return `${name} ≥ ${from}, no upper bound`;
	if (low === null) return `${name} ≤ ${to}, no lower bound`;
	return `${from} ≤ ${name} ≤ ${to}`;
}

const GRID = 32;
const FOLLOWED = 3;
const PATIENCE = { limit: 60, precision: 1e-6 };

/** Both ends in θⱼ; an end is null where the interval reaches the parameter's bound. */
function profileEnds(
	problem: Problem,
	loss: RobustLoss,
	minima: readonly Minimum[],
	j: number,
	level: number,
): [number | null, number | null] {
	const { law, logLoss, weights } = problem;
	const objective = regression(law, logLoss, weights, loss);
	const freedom = Math.max(1, logLoss.length - law.size);
	const allowed = (studentQuantile((1 + level) / 2, freedom) ** 2 / 2) * information(problem, loss, minima[0]!.theta);
	const [low, high] = [law.bounds.lower[j]!, law.bounds.upper[j]!];
	const at = (value: number): number => {
		const bounds: Bounds = { lower: law.bounds.lower.slice(), upper: law.bounds.upper.slice() };
		bounds.lower[j] = value;
		bounds.upper[j] = value;
		const values = minima.slice(0, FOLLOWED).map(({ theta }) => minimize(objective, theta, bounds, PATIENCE).value);
		return Math.min(...values) - minima[0]!.value;
	};
	const grid = [
		...Array.from({ length: GRID }, (_, i) => low + ((high - low) * i) / (GRID - 1)),
		...minima.map(({ theta }) => theta[j]!),
	].sort((a, b) => a - b);
	const inside = grid.map((value) => at(value) <= allowed);
	const first = inside.indexOf(true);
	const last = inside.lastIndexOf(true);
	return [
		first <= 0 ? null : crossing(at, grid[first - 1]!, grid[first]!, allowed),
		last < 0 || last === grid.length - 1 ? null : crossing(at, grid[last + 1]!, grid[last]!, allowed),
	];
}

/** The value at which the profile reaches the allowed height, by bisection between a value outside and one inside. */
function crossing(at: (value: number) => number, outside: number, inside: number, allowed: number): number {
	let [out, within] = [outside, inside];
	for (let step = 0; step < 12; step++) {
		const middle = (out + within) / 2;
		if (at(middle) <= allowed) within = middle;
		else out = middle;
	}
	return within;
}

/** E[ρ′²] / E[ρ″] over the residuals at θ. */
function information({ law, logLoss, weights }: Problem, loss: RobustLoss, theta: Float64Array): number {
	const gradient = new Float64Array(law.size);
	const hessian = new Float64Array(law.size ** 2);
	const sizes = Float64Array.from(logLoss, (target, i) =>
		Math.abs(residualOf(loss, law.predict(theta, i, gradient, hessian), target)),
	);
	const n = weights.reduce((sum, weight) => sum + weight, 0);
	const share = (width: number) => sizes.reduce((sum, size, i) => sum + (size <= width ? weights[i]! : 0), 0) / n;
	const slopes = sizes.reduce((sum, size, i) => sum + weights[i]! * (loss.scale * Math.min(size, loss.knee)) ** 2, 0);
	// Half the window as a share of the residuals: Hall & Sheather at the median, with 90 % confidence.
	const window = 0.865 * n ** (-1 / 3);
	const sorted = sizes.slice().sort();
	const width = Math.max(loss.knee, sorted[Math.min(sorted.length - 1, Math.ceil(2 * window * sorted.length))]!);
	const curvature = Number.isFinite(loss.knee) ? (share(width) * loss.knee) / width : 1;
	return slopes / Math.max(1, n - law.size) / (loss.scale * curvature);
}
