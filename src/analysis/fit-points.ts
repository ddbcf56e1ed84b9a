import { evenly } from "../maths/evenly.ts";
import { quantileSorted } from "../maths/quantile.ts";
import { estimatesOf, type Fit, type LeftOut, type LossName } from "./fitting/fit.ts";
import { fitParametricLaw } from "./fitting/fit-parametric-law.ts";
import { undetermined } from "./fitting/fit-response.ts";
import type { LawParameters, ParametricLaw } from "./fitting/parametric-law.ts";
import { withIntervals } from "./fitting/parametric-law-intervals.ts";
import { fitHull } from "./method1/hull.ts";
import { fitMethod1, measureScatter } from "./method1/method1.ts";
import type { EnvelopePoint } from "./method1/study-analysis.ts";
import { fitMethod2, type Method2 } from "./method2/method2.ts";
import { valleyNoise } from "./method2/valley-noise.ts";
import { fitDataConstrained } from "./parametric-laws/data-constrained-fit.ts";
import { compareOnHeldOutScale, type HeldOutComparison } from "./parametric-laws/held-out-scale.ts";
import { KAPLAN } from "./parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "./parametric-laws/method3.ts";
import { type NextRun, suggestNextRun } from "./parametric-laws/next-run.ts";
import { rosenfeldLaw } from "./parametric-laws/rosenfeld-law.ts";
import { listLeftOut } from "./points/left-out.ts";
import type { Point } from "./points/point.ts";
import type { PreparedPoints } from "./points/prepare-points.ts";
import type { LawFits } from "./power-laws/law-fits.ts";
import { optimumOfLaw, type Prediction, predict } from "./power-laws/predict.ts";

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
	/** Compute to predict at, FLOP; ten times the largest among the points when empty. */
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
	method3?: LawReport;
	kaplan?: LawReport;
	rosenfeld?: LawReport;
	dataConstrained?: Fit;
	/** The laws of N and D fitted to the smaller runs, predicting the largest. */
	heldOut?: HeldOutComparison;
	/** Runs that would narrow Method 3's interval of a notably, the most per FLOP first. */
	nextRuns?: NextRun[];
}

/** A law of N and D with what it says of other compute. */
export interface LawReport extends Fit {
	predictions: Prediction[];
}

/** Method 1 at the crossings of neighbouring curves, and its two older readings. */
export interface Method1Report extends LawFits {
	/** The lower envelope on a log grid of compute: N*(C), D*(C), L*(C). */
	frontier: EnvelopePoint[];
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
const MOST_POINTS = 2000;

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
	const largest = prepared.points.reduce((most, { flops }) => Math.max(most, flops), 0);
	const at = options.at.length > 0 ? options.at : [10 * largest];
	const method3 = wants("2") || wants("3") ? fitParametricLaw(METHOD_3, thinned, options) : null;
	const measured = frontier && measureScatter(frontier);
	const scatter = measured && measured.source !== "noise" ? measured : null;
	const valleys = prepared.cuts ? null : valleyNoise(slices);
	if (wants("1")) {
		const complete = { ...options, at, trimEdges: true };
		const { envelope: _, ...crossings } = fitMethod1(sizes, leftOut, complete, "points", null, valleys?.deviation);
		const whole = { ...complete, trimEdges: false };
		const {
			envelope: __,
			frontier: ___,
			...grid
		} = fitMethod1(sizes, leftOut, whole, "points", null, valleys?.deviation);
		const hull = fitHull(lowest(hullPoints(prepared)), scatter ?? valleys, { ...options, at }, leftOut);
		analysis.method1 = { ...crossings, variants: { grid, hull } };
	}
	if (wants("2")) {
		const { α, β } = method3!.parameters;
		const exponents = α && β ? { alpha: α.estimate, beta: β.estimate } : undefined;
		const all = [...leftOut, ...prepared.outside];
		const by = (variant: "parabola" | "akima" | "noise") =>
			fitMethod2(slices, { ...options, at, variant, exponents, ...(prepared.cuts && scatter ? { scatter } : {}) }, all);
		analysis.method2 = { ...by("parabola"), variants: { akima: by("akima"), noise: by("noise") } };
	}
	const factor = quantileSorted(Float64Array.from(thinned, (p) => p.flops / (p.parameters * p.tokens)).sort(), 0.5);
	const law = (which: ParametricLaw, first: Fit): LawReport => {
		const { fit, draws } = withIntervals(which, thinned, first, options);
		const found = { ...fit, ...listLeftOut([...leftOut, ...fit.leftOut]) };
		if (fit.estimate === null) return { ...found, predictions: [] };
		const optimum = (parameters: LawParameters, flops: number) => optimumOfLaw(which, parameters, flops, factor);
		return { ...found, predictions: predict(estimatesOf(fit), draws, optimum, fit.residual, { ...options, at }) };
	};
	if (wants("3")) {
		analysis.method3 = law(METHOD_3, method3!);
		analysis.nextRuns = nextRuns(thinned, analysis.method3);
	}
	if (wants("kaplan")) analysis.kaplan = law(KAPLAN, fitParametricLaw(KAPLAN, thinned, options));
	const rosenfeld = rosenfeldLaw(options.vocabulary);
	if (wants("rosenfeld")) analysis.rosenfeld = law(rosenfeld, fitParametricLaw(rosenfeld, thinned, options));
	if (wants("data-constrained")) analysis.dataConstrained = dataConstrained(thinned, options, leftOut);
	const compared = [METHOD_3, KAPLAN, rosenfeld].filter((_, i) => wants((["3", "kaplan", "rosenfeld"] as const)[i]!));
	if (compared.length > 1) analysis.heldOut = compareOnHeldOutScale(compared, thinned, options);
	return analysis;
}

/** The data-constrained law, where the points say how many of their tokens are distinct. */
function dataConstrained(points: readonly Point[], options: FitPointsOptions, leftOut: readonly LeftOut[]): Fit {
	if (points.every(({ uniqueTokens }) => uniqueTokens === undefined)) {
		const reason = "the points do not say how many of their tokens are distinct (column unique_tokens)";
		return undetermined(reason, [...leftOut], { level: options.interval, ...DATA_CONSTRAINED });
	}
	const fit = fitDataConstrained(points, options);
	return { ...fit, ...listLeftOut([...leftOut, ...fit.leftOut]) };
}

const DATA_CONSTRAINED = {
	method: "Data-constrained law of Muennighoff et al. 2023",
	formula: "L = E + A·N′^−α + B·D′^−β",
};

/** A run that narrows the interval by less than this share of what the best one does is not worth its trouble. */
const WORTHWHILE = 0.5;
const MOST_NEXT_RUNS = 5;

/** Each run counts once, by its end: its checkpoints are not independent. */
function nextRuns(points: readonly Point[], fit: Fit): NextRun[] {
	if (fit.estimate === null) return [];
	const ends = new Map<string, Point>();
	for (const point of points) if (point.tokens > (ends.get(point.run)?.tokens ?? 0)) ends.set(point.run, point);
	const known = ends.size >= FEWEST_RUNS ? [...ends.values()] : points;
	const runs = suggestNextRun(METHOD_3, known, estimatesOf(fit));
	const most = runs.reduce((best, { narrowing }) => Math.max(best, narrowing), 0);
	return runs.filter(({ narrowing }) => narrowing >= WORTHWHILE * most).slice(0, MOST_NEXT_RUNS);
}

/** With fewer runs their ends alone do not determine five parameters. */
const FEWEST_RUNS = 8;

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

/** Stretches of compute that very many points are divided into. */
const STRETCHES = 300;

/** Of very many points those with the lowest losses at each compute, which alone can be on the hull. */
function lowest(points: readonly Point[]): Point[] {
	if (points.length <= 10 * STRETCHES) return [...points];
	const sorted = [...points].sort((p, q) => p.flops - q.flops);
	const stretch = Math.ceil(sorted.length / STRETCHES);
	return Array.from({ length: Math.ceil(sorted.length / stretch) }, (_, i) =>
		sorted
			.slice(i * stretch, (i + 1) * stretch)
			.sort((p, q) => p.loss - q.loss)
			.slice(0, 10),
	).flat();
}
