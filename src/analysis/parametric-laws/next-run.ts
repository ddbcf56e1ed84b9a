import { flopsOf } from "../../architecture/flops.ts";
import { solvePositive } from "../../maths/small-matrix.ts";
import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import type { Point } from "../points/point.ts";

/**
 * The next run that would narrow a parameter's interval most for its compute (sequential design, Chernoff 1953). To
 * first order, the variance of a function g of a law's parameters is σ²·∇gᵀ·K·∇g with K = (Σ ∇r ∇rᵀ)⁻¹ over the existing
 * runs. One more run with gradient h changes it (Sherman & Morrison 1950) to
 *
 *     σ²·(∇gᵀ·K·∇g − (∇gᵀ·K·h)² / (1 + hᵀ·K·h)).
 *
 * The relative narrowing of the interval does not depend on σ. A run's value per FLOP is that narrowing over C = 6·N·D.
 */
export interface NextRun {
	/** N. */
	parameters: number;
	/** D. */
	tokens: number;
	/** C = 6·N·D. */
	flops: number;
	/** Relative narrowing of the interval, in (0, 1). */
	narrowing: number;
	/** narrowing / flops. */
	perFlop: number;
}

export interface NextRunOptions {
	/** The parameter whose interval to narrow; default the law's headline. */
	parameter?: string;
	/** Runs to choose from. Default: a grid over the existing sizes and lengths, up to four times the largest of each. */
	candidates?: readonly { parameters: number; tokens: number }[];
	/** Maximum compute of a candidate, FLOP. */
	budget?: number;
}

const STEPS = 12;
const BEYOND = 4;

/**
 * Candidate runs, highest narrowing per FLOP first; empty when the points do not determine the parameter.
 *
 * @param points the points the law was fitted to, all usable
 * @param estimate the fit's parameters
 */
export function suggestNextRun(
	law: ParametricLaw,
	points: readonly Point[],
	estimate: LawParameters,
	options: NextRunOptions = {},
): NextRun[] {
	const { parameter = law.headline, budget = Number.POSITIVE_INFINITY } = options;
	const possible: Point[] = (options.candidates ?? grid(points))
		.map(({ parameters, tokens }) => ({ run: "", parameters, tokens, flops: flopsOf(parameters, tokens), loss: 1 }))
		.map((point) => ({ ...point, loss: law.loss(estimate, point) }))
		.filter(({ flops, loss }) => flops <= budget && loss > 0 && Number.isFinite(loss));
	const prepared = law.prepare([...points, ...possible]);
	if (typeof prepared === "string") return [];
	const n = prepared.size;
	const theta = prepared.theta(estimate);
	const slopes = slopesAt(prepared, theta, points.length + possible.length);
	const { lower, upper } = prepared.bounds;
	const free = Array.from({ length: n }, (_, j) => j).filter((j) => theta[j]! > lower[j]! && theta[j]! < upper[j]!);
	const information = new Float64Array(n * n);
	for (const slope of slopes.slice(0, points.length))
		for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) information[j * n + k]! += slope[j]! * slope[k]!;
	const target = parameterSlope(prepared, theta, parameter);
	const spread = new Float64Array(n);
	const work = new Float64Array(n * n);
	if (!target || !solvePositive(information, target, free, work, spread)) return [];
	const variance = dot(target, spread);
	return possible
		.map(({ parameters, tokens, flops }, i) => {
			const h = slopes[points.length + i]!;
			const kh = new Float64Array(n);
			solvePositive(information, h, free, work, kh);
			const gained = dot(spread, h) ** 2 / (1 + dot(h, kh));
			const narrowing = 1 - Math.sqrt(Math.max(0, 1 - gained / variance));
			return { parameters, tokens, flops, narrowing, perFlop: narrowing / flops };
		})
		.filter(({ narrowing }) => narrowing > 0)
		.sort((a, b) => b.perFlop - a.perFlop);
}

/** ∇ ln L̂ at each point. */
function slopesAt(law: LawOnPoints, theta: Float64Array, count: number): Float64Array[] {
	const hessian = new Float64Array(law.size ** 2);
	return Array.from({ length: count }, (_, i) => {
		const slope = new Float64Array(law.size);
		law.predict(theta, i, slope, hessian);
		return slope;
	});
}

/** ∇g for a parameter g of the law, by central differences; null when it is not finite. */
function parameterSlope(law: LawOnPoints, theta: Float64Array, name: string): Float64Array | null {
	const step = 1e-5;
	const slope = theta.map((_, j) => {
		const [above, below] = [1, -1].map((sign) => {
			const moved = theta.slice();
			moved[j]! += sign * step;
			return law.parameters(moved)[name]!;
		});
		return (above! - below!) / (2 * step);
	});
	return slope.every(Number.isFinite) && slope.some((value) => value !== 0) ? slope : null;
}

function grid(points: readonly Point[]) {
	const along = (values: number[]) => {
		const least = values.reduce((a, b) => Math.min(a, b));
		const greatest = BEYOND * values.reduce((a, b) => Math.max(a, b));
		return Array.from({ length: STEPS }, (_, i) => least * (greatest / least) ** (i / (STEPS - 1)));
	};
	if (points.length === 0) return [];
	const lengths = along(points.map(({ tokens }) => tokens));
	return along(points.map((point) => point.parameters)).flatMap((parameters) =>
		lengths.map((tokens) => ({ parameters, tokens })),
	);
}

function dot(a: Float64Array, b: Float64Array): number {
	return a.reduce((sum, value, j) => sum + value * b[j]!, 0);
}
