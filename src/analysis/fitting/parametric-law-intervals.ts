import { centralInterval } from "../../maths/quantile.ts";
import { randomKey, uniform } from "../../maths/random.ts";
import { type Point, usablePoints } from "../points/point.ts";
import { bcaInterval } from "./bca.ts";
import { estimatesOf, type Fit } from "./fit.ts";
import { refitter } from "./fit-parametric-law.ts";
import type { LawFitOptions, LawParameters, ParametricLaw } from "./parametric-law.ts";
import { type RunScatter, runScatter } from "./run-scatter.ts";

/**
 * Intervals of a law's parameters by a bootstrap clustered by run: the checkpoints of a run are not independent, so each
 * resample draws or shifts whole runs.
 *
 * With 30 or more runs, runs are drawn with replacement (Efron 1979; Cameron, Gelbach & Miller 2008). The intervals are
 * percentiles of the refits, with bias-corrected and accelerated ones in addition.
 *
 * With fewer runs, drawing would leave out a whole size too often, and the nominal 90 % interval would cover much
 * less (see docs/coverage.md). Instead, every run is shifted off the fitted law by a random offset and tilt in ln L.
 * Their size is measured from the runs (`runScatter`), and its uncertainty enters as in Student's t.
 */
export interface LawIntervals {
	fit: Fit;
	/** The parameters of each resample. */
	draws: LawParameters[];
}

export interface IntervalOptions extends LawFitOptions {
	resamples: number;
	seed: number;
	interval: number;
}

/** Fewest runs for drawing with replacement. */
const ENOUGH_RUNS = 30;

/** Maximum number of leave-one-out refits; with more runs, groups are left out. */
const JACKKNIFE = 50;

/** Adds intervals to a fit. Returns the fit unchanged if it has no estimate or no resamples were requested. */
export function withIntervals(
	law: ParametricLaw,
	given: readonly Point[],
	fit: Fit,
	options: IntervalOptions,
): LawIntervals {
	const { resamples, interval } = options;
	if (fit.estimate === null || resamples === 0) return { fit, draws: [] };
	const { used: points } = usablePoints(given, law.variables);
	const estimate: LawParameters = estimatesOf(fit);
	const runs = [...new Set(points.map(({ run }) => run))];
	const clusters = points.map(({ run }) => run);
	const drawn = runs.length >= ENOUGH_RUNS;
	const scatter = drawn ? null : runScatter(law, estimate, points);
	if (!drawn && !scatter)
		return {
			fit: {
				...fit,
				warnings: [
					...fit.warnings,
					`${runs.length} runs are too few to show how runs scatter, so there is no interval.`,
				],
			},
			draws: [],
		};
	const all = scatter
		? movedRuns(law, points, estimate, scatter, options)
		: drawnRuns(law, points, clusters, runs, estimate, options);
	const draws = all.filter((draw) => draw !== null);
	const failed = all.length - draws.length;
	if (failed > all.length / 2)
		return {
			fit: {
				...fit,
				warnings: [
					...fit.warnings,
					`The law is determined in ${draws.length} of ${all.length} resamples: there is no interval.`,
				],
			},
			draws: [],
		};
	const withoutOne = drawn ? leaveOut(law, points, clusters, runs, estimate, options) : [];
	const parameters: Fit["parameters"] = {};
	const bca: Record<string, { low: number; high: number } | null> = {};
	for (const [name, value] of Object.entries(estimate)) {
		const sorted = Float64Array.from(draws, (draw) => draw[name]!).sort();
		const ends = centralInterval([...sorted], interval);
		parameters[name] = { estimate: value, low: ends?.low ?? null, high: ends?.high ?? null };
		bca[name] = drawn
			? bcaInterval(
					sorted,
					value,
					withoutOne.map((each) => each[name]!),
					interval,
				)
			: null;
	}
	const headline = parameters[law.headline]!;
	const warnings =
		failed > 0.02 * all.length
			? [`${failed} of ${all.length} resamples determine no law; they are not in the interval.`]
			: [];
	return {
		fit: {
			...fit,
			parameters,
			low: headline.low,
			high: headline.high,
			warnings: [...fit.warnings, ...warnings],
			resamples: draws.length,
			bootstrap: drawn
				? { kind: "runs drawn with replacement", runs: runs.length, bca }
				: { kind: "runs moved", runs: runs.length },
		},
		draws,
	};
}

function drawnRuns(
	law: ParametricLaw,
	points: readonly Point[],
	clusters: readonly string[],
	runs: readonly string[],
	estimate: LawParameters,
	options: IntervalOptions,
): (LawParameters | null)[] {
	const refit = refitter(law, points, estimate, options);
	const known = new Map(runs.map((run, i) => [run, i]));
	const indices = Int32Array.from(clusters, (run) => known.get(run)!);
	const weights = new Float64Array(points.length);
	return Array.from({ length: options.resamples }, (_, r) => {
		const key = randomKey(options.seed, law.name, r);
		const times = new Float64Array(runs.length);
		for (let i = 0; i < runs.length; i++) times[Math.floor(uniform(key, i) * runs.length)]!++;
		for (let i = 0; i < weights.length; i++) weights[i] = times[indices[i]!]!;
		return refit(weights);
	});
}

function movedRuns(
	law: ParametricLaw,
	points: readonly Point[],
	estimate: LawParameters,
	scatter: RunScatter,
	options: IntervalOptions,
): (LawParameters | null)[] {
	const ones = new Float64Array(points.length).fill(1);
	return Array.from({ length: options.resamples }, (_, r) => {
		const losses = scatter.draw(randomKey(options.seed, law.name, r));
		const moved = points.map((point, i) => ({ ...point, loss: losses[i]! }));
		return refitter(law, moved, estimate, options)(ones);
	});
}

/** Refits that leave out one run each, or one group of consecutive runs if there are many. */
function leaveOut(
	law: ParametricLaw,
	points: readonly Point[],
	clusters: readonly string[],
	runs: readonly string[],
	estimate: LawParameters,
	options: IntervalOptions,
): LawParameters[] {
	const refit = refitter(law, points, estimate, options);
	const groups = Math.min(JACKKNIFE, runs.length);
	const group = new Map(runs.map((run, i) => [run, Math.floor((i * groups) / runs.length)]));
	return Array.from({ length: groups }, (_, g) =>
		refit(Float64Array.from(clusters, (run) => (group.get(run) === g ? 0 : 1))),
	).filter((each) => each !== null);
}
