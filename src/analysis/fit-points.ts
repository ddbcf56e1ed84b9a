import { evenly } from "../maths/evenly.ts";
import { quantileSorted } from "../maths/quantile.ts";
import type { Fit, LeftOut } from "./fitting/fit.ts";
import { fitParametricLaw } from "./fitting/fit-parametric-law.ts";
import type { ParametricLaw } from "./fitting/parametric-law.ts";
import { measureScatter } from "./method1/method1.ts";
import { valleyNoise } from "./method2/valley-noise.ts";
import type { MethodOptions, PointsToFit, Reading } from "./methods/fit-method.ts";
import { METHODS, type MethodId, type MethodReports } from "./methods/registry.ts";
import { compareOnHeldOutScale, type HeldOutComparison } from "./parametric-laws/held-out-scale.ts";
import type { PreparedPoints } from "./points/prepare-points.ts";

export interface FitPointsOptions extends MethodOptions {
	methods: readonly MethodId[];
	/** Compute to predict at, FLOP; ten times the largest among the points when empty. */
	at: readonly number[];
}

/** What every option is unless the reader chooses otherwise, on the command line and in the page. */
export const DEFAULT_FIT_OPTIONS = {
	loss: "huber",
	delta: 1e-3,
	resamples: 1000,
	seed: 42,
	interval: 0.9,
	noise: null,
	vocabulary: 32_000,
	tolerance: 0.1,
	range: null,
	curvePoints: "auto",
} as const;

/** Is told which method is fitted next: its title, and how many of how many are done. */
export type WatchFits = (title: string, done: number, of: number) => void;

/** All fits to one set of points. Plain JSON without NaN or infinities. */
export type PointsAnalysis = {
	points: { total: number; runs: number; sizes: number; budgets: number };
	/** How the points were treated, one sentence each. */
	notes: string[];
	/** How well the laws of N and D, fitted to the smaller runs, predict the largest. */
	heldOut?: HeldOutComparison;
} & Partial<MethodReports>;

/** Larger sets are thinned evenly for the laws of N and D: more points would add time, not information. */
export const MOST_POINTS = 1000;

/** Fits points by each requested method; `watch` is told of each before it is fitted. */
export function fitPoints(
	prepared: PreparedPoints,
	options: FitPointsOptions,
	leftOut: readonly LeftOut[] = [],
	watch?: WatchFits,
): PointsAnalysis {
	const points = pointsToFit(prepared, options, leftOut);
	const largest = prepared.points.reduce((most, { flops }) => Math.max(most, flops), 0);
	const complete = { ...options, at: options.at.length > 0 ? options.at : [10 * largest] };
	const notes = [...prepared.notes];
	if (points.points.length < prepared.points.length)
		notes.push(`The laws of N and D are fitted to ${MOST_POINTS} of ${prepared.points.length} points, evenly spaced.`);
	const analysis: PointsAnalysis = {
		points: {
			total: prepared.points.length,
			runs: new Set(prepared.points.map(({ run }) => run)).size,
			sizes: new Set(prepared.points.map(({ parameters }) => parameters)).size,
			budgets: prepared.slices.length,
		},
		notes,
	};
	const wanted = METHODS.filter(({ id }) => options.methods.includes(id));
	for (const [i, method] of wanted.entries()) {
		watch?.(method.title, i, wanted.length);
		Object.assign(analysis, method.fit(points, complete));
	}
	const laws = wanted.flatMap(({ law }) => (law ? [law(options)] : []));
	if (laws.length > 1) analysis.heldOut = compareOnHeldOutScale(laws, points.points, options);
	return analysis;
}

/** The readings of every fitted method, in registry order. */
export function readingsOf(analysis: PointsAnalysis, options: Pick<MethodOptions, "vocabulary">): Reading[] {
	return METHODS.flatMap((method) => method.readings(analysis, options));
}

function pointsToFit(prepared: PreparedPoints, options: MethodOptions, leftOut: readonly LeftOut[]): PointsToFit {
	const points = evenly(prepared.points, MOST_POINTS);
	const factors = Float64Array.from(points, (p) => p.flops / (p.parameters * p.tokens)).sort();
	const measured = prepared.frontier && measureScatter(prepared.frontier);
	const fits = new Map<string, Fit>();
	return {
		prepared,
		points,
		leftOut,
		curveScatter: measured && measured.source !== "noise" ? measured : null,
		valleyScatter: prepared.cuts ? null : valleyNoise(prepared.slices),
		flopsFactor: quantileSorted(factors, 0.5),
		fitLaw(law: ParametricLaw) {
			const fit = fits.get(law.name) ?? fitParametricLaw(law, points, options);
			fits.set(law.name, fit);
			return fit;
		},
	};
}
