import { evenly } from "./evenly.ts";
import type { Fit, LeftOut, LossName } from "./fit.ts";
import { fitLaw } from "./fit-law.ts";
import { KAPLAN } from "./kaplan-law.ts";
import type { LawFits } from "./law-fits.ts";
import { withIntervals } from "./law-intervals.ts";
import type { LawParameters, LossLaw } from "./loss-law.ts";
import { fitMethod1, measureScatter } from "./method1.ts";
import { fitHull } from "./method1-hull.ts";
import { fitMethod2, type Method2 } from "./method2.ts";
import { METHOD_3 } from "./method3.ts";
import type { Point } from "./point.ts";
import type { PreparedPoints } from "./prepare-points.ts";
import { rosenfeldLaw } from "./rosenfeld-law.ts";
import type { FrontierPoint } from "./study-analysis.ts";
import { valleyNoise } from "./valley-noise.ts";

export const METHODS = ["1", "2", "3", "kaplan", "rosenfeld", "data-constrained"] as const;
export type MethodName = (typeof METHODS)[number];

export interface FitPointsOptions {
	methods: readonly MethodName[];
	/** What Method 3 and the other laws minimise. */
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
	/** Kinds of token, for the ceiling of Rosenfeld's law. */
	vocabulary: number;
}

/** Every method's fits to one set of points. Plain JSON without NaN or infinities. */
export interface PointsAnalysis {
	/** What there was to fit. */
	points: { total: number; runs: number; sizes: number; budgets: number };
	/** What was made of the points, one sentence each. */
	notes: string[];
	method1?: Method1Report;
	method2?: Method2Report;
	method3?: Fit;
	kaplan?: Fit;
	rosenfeld?: Fit;
	dataConstrained?: Fit;
}

/** Method 1 at the crossings of neighbouring curves, and its two older readings. */
export interface Method1Report extends LawFits {
	/** The lower envelope on a log grid of compute: N*(C), D*(C), L*(C). */
	frontier: FrontierPoint[];
	variants: {
		/** Least squares through the whole envelope, as Hoffmann et al. 2022, section 3.1. */
		grid: LawFits;
		/** The corners of the lower convex hull. */
		hull: LawFits;
	};
}

/** Method 2 by parabolas, and by the two other ways to a valley's minimum. */
export interface Method2Report extends Method2 {
	variants: { akima: Method2; noise: Method2 };
}

/** Points beyond this are thinned evenly for the laws of N and D: more say nothing new, and take long. */
const MOST_POINTS = 10_000;

/** Fits points by the methods asked for. */
export function fitPoints(
	prepared: PreparedPoints,
	options: FitPointsOptions,
	leftOut: readonly LeftOut[] = [],
): PointsAnalysis {
	const wants = (method: MethodName) => options.methods.includes(method);
	const { sizes, slices, frontier } = prepared;
	const notes = [...prepared.notes];
	const thinned = evenly(prepared.points, MOST_POINTS);
	if (thinned.length < prepared.points.length)
		notes.push(`The laws of N and D are fitted to ${MOST_POINTS} of ${prepared.points.length} points, evenly taken.`);
	const analysis: PointsAnalysis = {
		points: {
			total: prepared.points.length,
			runs: new Set(prepared.points.map(({ run }) => run)).size,
			sizes: new Set(prepared.points.map(({ parameters }) => parameters)).size,
			budgets: slices.length,
		},
		notes,
	};
	const method3 = wants("2") || wants("3") ? fitLaw(METHOD_3, thinned, options) : null;
	const measured = frontier && measureScatter(frontier);
	const scatter = measured && measured.source !== "noise" ? measured : null;
	const valleys = prepared.cuts ? null : valleyNoise(slices);
	if (wants("1")) {
		const complete = { ...options, trimEdges: true };
		const { envelope: _, ...crossings } = fitMethod1(sizes, leftOut, complete, "points", null, valleys?.deviation);
		const { allocation, tokens, lossNoOffset, lossWithOffset } = fitMethod1(
			sizes,
			leftOut,
			{ ...complete, trimEdges: false },
			"points",
			null,
			valleys?.deviation,
		);
		const grid = { allocation, tokens, lossNoOffset, lossWithOffset };
		const hull = fitHull(lowest(hullPoints(prepared)), scatter ?? valleys, options, leftOut);
		analysis.method1 = { ...crossings, variants: { grid, hull } };
	}
	if (wants("2")) {
		const { α, β } = method3!.parameters;
		const exponents = α && β ? { alpha: α.estimate, beta: β.estimate } : undefined;
		const all = [...leftOut, ...prepared.outside];
		const by = (variant: "parabola" | "akima" | "noise") =>
			fitMethod2(slices, { ...options, variant, exponents, ...(prepared.cuts && scatter ? { scatter } : {}) }, all);
		analysis.method2 = { ...by("parabola"), variants: { akima: by("akima"), noise: by("noise") } };
	}
	const law = (which: LossLaw, fit: Fit) => {
		const result = withIntervals(which, thinned, { ...fit, leftOut: [...leftOut, ...fit.leftOut] }, options);
		return result.fit;
	};
	if (wants("3")) analysis.method3 = law(METHOD_3, method3!);
	if (wants("kaplan")) analysis.kaplan = law(KAPLAN, fitLaw(KAPLAN, thinned, options));
	const rosenfeld = rosenfeldLaw(options.vocabulary);
	if (wants("rosenfeld")) analysis.rosenfeld = law(rosenfeld, fitLaw(rosenfeld, thinned, options));
	return analysis;
}

/** The curves' values on the grid of compute, or the single measurements where there are no curves. */
function hullPoints({ frontier, points, sizes }: PreparedPoints): Point[] {
	if (!frontier || sizes.length < 3) return points;
	const { grid, logCost } = frontier;
	return sizes.flatMap(({ parameters, recipes }, s) =>
		[...grid.logFlops.keys()].flatMap((g) => {
			const loss = Math.exp(grid.logLoss[s]![g]!);
			if (!Number.isFinite(loss)) return [];
			const flops = Math.exp(grid.logFlops[g]!);
			return [{ run: recipes[0]!.runs[0]!, parameters, tokens: flops / Math.exp(logCost[s]!), flops, loss }];
		}),
	);
}

/** Of very many points those with the lowest losses at each compute, which alone can be on the hull. */
function lowest(points: readonly Point[]): Point[] {
	if (points.length <= MOST_POINTS) return [...points];
	const sorted = [...points].sort((p, q) => p.flops - q.flops);
	const stretch = Math.ceil(sorted.length / 300);
	return Array.from({ length: Math.ceil(sorted.length / stretch) }, (_, i) =>
		sorted
			.slice(i * stretch, (i + 1) * stretch)
			.sort((p, q) => p.loss - q.loss)
			.slice(0, 10),
	).flat();
}

/** Parameters without their intervals. */
export function estimates(fit: Fit): LawParameters {
	return Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]));
}
