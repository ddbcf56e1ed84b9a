import { flopsOf } from "../../architecture/flops.ts";
import { extremes } from "../../maths/extremes.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import { solvePositive } from "../../maths/small-matrix.ts";
import type { LawOnPoints, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import { runScatter } from "../fitting/run-scatter.ts";
import type { Point } from "../points/point.ts";

/**
 * The next run that would narrow a parameter's interval most for its compute (sequential design, Chernoff 1953). With the
 * gradients sᵢ of ln L̂ at the points and the matrix K = Σ sᵢ sᵢᵀ, a shift εᵢ of the points moves the fit by K⁻¹ Σ sᵢ εᵢ. The points of a
 * run shift together, by an offset and a tilt in ln D (`runScatter`), so that the variance of a function g of the parameters is
 *
 *     ∇gᵀ · K⁻¹ · Σ_runs (o²·a aᵀ + t²·b bᵀ) · K⁻¹ · ∇g,   a = Σ sᵢ,   b = Σ xᵢ sᵢ   over the points of a run,
 *
 * with x = ln D less its mean in the run. One more run, with as many points as the others have, adds to K and to the sum.
 * A run's value per FLOP is the narrowing over C = 6·N·D.
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
	if (points.length === 0) return [];
	const possible: Point[] = (options.candidates ?? grid(points))
		.map(({ parameters, tokens }) => ({ run: "", parameters, tokens, flops: flopsOf(parameters, tokens), loss: 1 }))
		.map((point) => ({ ...point, loss: law.loss(estimate, point) }))
		.filter(({ flops, loss }) => flops <= budget && loss > 0 && Number.isFinite(loss));
	const runs = [...groupBy(points, ({ run }) => run).values()];
	const lengths = lengthsOf(runs);
	const added = possible.map((point) => lengths.map((share) => ({ ...point, tokens: point.tokens * share })));
	const prepared = law.prepare([...points, ...added.flat()]);
	if (typeof prepared === "string") return [];
	const theta = prepared.theta(estimate);
	const { lower, upper } = prepared.bounds;
	const free = theta.map((_, j) => j).filter((j) => theta[j]! > lower[j]! && theta[j]! < upper[j]!);
	const target = parameterSlope(prepared, theta, parameter);
	if (!target) return [];
	const slopes = slopesAt(prepared, theta, points.length + added.flat().length);
	const index = new Map(points.map((point, i) => [point, i]));
	const scatter = runScatter(law, estimate, points);
	const sizes = scatter && scatter.offset > 0 ? scatter : { offset: 1, tilt: 0 };
	const known = sumOf(
		runs.map((run) =>
			informationOf(
				run,
				run.map((point) => slopes[index.get(point)!]!),
				sizes,
			),
		),
		prepared.size,
	);
	const before = varianceOf(target, known, [...free]);
	if (before === null) return [];
	return possible
		.map(({ parameters, tokens, flops }, c) => {
			const from = points.length + c * lengths.length;
			const own = informationOf(added[c]!, slopes.slice(from, from + lengths.length), sizes);
			const after = varianceOf(target, sumOf([known, own], prepared.size), [...free]);
			const narrowing = after === null ? 0 : 1 - Math.sqrt(after / before);
			return { parameters, tokens, flops, narrowing, perFlop: narrowing / flops };
		})
		.filter(({ narrowing }) => narrowing > 0)
		.sort((a, b) => b.perFlop - a.perFlop);
}

/** What a run, or several, add to K and to the sum over runs; both n × n. */
interface Information {
	bread: Float64Array;
	meat: Float64Array;
}

function informationOf(
	points: readonly Point[],
	slopes: readonly Float64Array[],
	{ offset, tilt }: { offset: number; tilt: number },
): Information {
	const n = slopes[0]!.length;
	const [bread, meat] = [new Float64Array(n * n), new Float64Array(n * n)];
	const logs = points.map(({ tokens }) => Math.log(tokens));
	const center = mean(logs);
	const up = new Float64Array(n);
	const along = new Float64Array(n);
	for (const [i, slope] of slopes.entries())
		for (let j = 0; j < n; j++) {
			up[j]! += offset * slope[j]!;
			along[j]! += tilt * (logs[i]! - center) * slope[j]!;
			for (let k = 0; k < n; k++) bread[j * n + k]! += slope[j]! * slope[k]!;
		}
	for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) meat[j * n + k] = up[j]! * up[k]! + along[j]! * along[k]!;
	return { bread, meat };
}

function sumOf(all: readonly Information[], n: number): Information {
	const sum = { bread: new Float64Array(n * n), meat: new Float64Array(n * n) };
	for (const { bread, meat } of all)
		for (let i = 0; i < n * n; i++) {
			sum.bread[i]! += bread[i]!;
			sum.meat[i]! += meat[i]!;
		}
	return sum;
}

/** The variance of the parameter with gradient `target`; null where the points do not determine it. */
function varianceOf(target: Float64Array, { bread, meat }: Information, free: readonly number[]): number | null {
	const n = target.length;
	const spread = new Float64Array(n);
	if (!solvePositive(bread, target, free, new Float64Array(n * n), spread)) return null;
	let variance = 0;
	for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) variance += spread[j]! * meat[j * n + k]! * spread[k]!;
	return variance > 0 ? variance : null;
}

/** The token counts of a run's points as shares of its last, as many and as far apart as the median run has them. */
function lengthsOf(runs: readonly (readonly Point[])[]): number[] {
	const middle = [...runs].sort((p, q) => p.length - q.length)[runs.length >> 1]!;
	const end = Math.max(...middle.map(({ tokens }) => tokens));
	return middle.map(({ tokens }) => tokens / end).sort((p, q) => p - q);
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
		const { least, greatest: largest } = extremes(values);
		const greatest = BEYOND * largest;
		return Array.from({ length: STEPS }, (_, i) => least * (greatest / least) ** (i / (STEPS - 1)));
	};
	if (points.length === 0) return [];
	const lengths = along(points.map(({ tokens }) => tokens));
	return along(points.map((point) => point.parameters)).flatMap((parameters) =>
		lengths.map((tokens) => ({ parameters, tokens })),
	);
}
