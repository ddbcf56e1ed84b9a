import { fitParametricLaw } from "../../src/analysis/fitting/fit-parametric-law.ts";
import { withIntervals } from "../../src/analysis/fitting/parametric-law-intervals.ts";
import { fitMethod1, measureScatter } from "../../src/analysis/method1/method1.ts";
import { fitMethod2 } from "../../src/analysis/method2/method2.ts";
import { METHOD_3 } from "../../src/analysis/parametric-laws/method3.ts";
import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import { geometricSizes, type SyntheticStudy, syntheticRuns, TRUE_EXPONENT } from "./synthetic-study.ts";

/** A study at the lab's own scale, and what it is called in the table. */
export interface CoverageStudy extends Partial<SyntheticStudy> {
	name: string;
	count: number;
	ratio?: number;
}

/** `minute` and `reconcile` train five sizes about a factor 2 apart with three seeds; the rest varies one thing each. */
export const STUDIES: readonly CoverageStudy[] = [
	{ name: "5 sizes, 3 seeds, curves scatter by 0.5 %", count: 5, seeds: 3, curveNoise: 0.005 },
	{ name: "5 sizes, 3 seeds, 1 %", count: 5, seeds: 3, curveNoise: 0.01 },
	{ name: "5 sizes, 1 seed, 0.5 %", count: 5, seeds: 1, curveNoise: 0.005 },
	{ name: "8 sizes a factor 1.7 apart, 1 seed, 0.5 %", count: 8, ratio: 1.7, seeds: 1, curveNoise: 0.005, tokens: 3e8 },
	{
		name: "8 sizes a factor 1.7 apart, 3 seeds, 0.5 %",
		count: 8,
		ratio: 1.7,
		seeds: 3,
		curveNoise: 0.005,
		tokens: 3e8,
	},
];

export const METHODS = ["Method 1", "Method 2", "Method 3"] as const;
export type Method = (typeof METHODS)[number];

export interface Coverage {
	/** Share of the studies with an interval whose interval holds the true exponent. */
	covered: number;
	/** Share of the studies with an interval. */
	determined: number;
	medianWidth: number;
}

/** How often the nominal interval of a holds the truth in synthetic studies of a kind. */
export function coverage(
	{ count, ratio = 2, ...study }: CoverageStudy,
	studies: number,
	resamples: number,
	methods: readonly Method[],
): Record<Method, Coverage> {
	const widths = new Map<Method, number[]>(methods.map((method) => [method, []]));
	const hits = new Map<Method, number>(methods.map((method) => [method, 0]));
	for (let seed = 1; seed <= studies; seed++) {
		const sizes = geometricSizes(count, 5e4, ratio, 0.2, seed);
		const runs = syntheticRuns({ pointNoise: 0.005, points: 60, ...study, sizes, seed });
		for (const method of methods) {
			const interval = intervalOf(method, runs, { resamples, seed, interval: 0.9 });
			if (!interval) continue;
			widths.get(method)!.push(interval.high - interval.low);
			if (interval.low <= TRUE_EXPONENT && TRUE_EXPONENT <= interval.high) hits.set(method, hits.get(method)! + 1);
		}
	}
	return Object.fromEntries(
		methods.map((method) => {
			const all = widths.get(method)!.sort((p, q) => p - q);
			const medianWidth = all[all.length >> 1] ?? Number.NaN;
			return [method, { covered: hits.get(method)! / all.length, determined: all.length / studies, medianWidth }];
		}),
	) as Record<Method, Coverage>;
}

/** The interval of a, from the runs' curves as `isoflop fit` takes them. */
function intervalOf(
	method: Method,
	runs: readonly CurveRun[],
	options: { resamples: number; seed: number; interval: number },
): { low: number; high: number } | null {
	const { points, frontier, slices } = preparePoints(runs.flatMap(pointsOf));
	const fit =
		method === "Method 1"
			? fitMethod1(frontier, [], { ...options, trimEdges: true }, { path: "total" }).allocation
			: method === "Method 2"
				? fitMethod2(slices, { ...options, scatter: measureScatter(frontier!) }).allocation
				: withIntervals(METHOD_3, points, fitParametricLaw(METHOD_3, points), options).fit;
	return fit.low === null || fit.high === null ? null : { low: fit.low, high: fit.high };
}

function pointsOf({ id, parameters, curve }: CurveRun): Point[] {
	return curve.tokens.map((tokens, i) => ({
		run: id,
		parameters: parameters.total,
		tokens,
		flops: 6 * parameters.total * tokens,
		loss: curve.loss[i]!,
	}));
}
