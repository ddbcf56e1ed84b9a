import { DEFAULT_FIT_OPTIONS, fitPoints } from "../analysis/fit-points.ts";
import { estimatesOf } from "../analysis/fitting/fit.ts";
import { fitParametricLaw } from "../analysis/fitting/fit-parametric-law.ts";
import type { LawParameters, ParametricLaw } from "../analysis/fitting/parametric-law.ts";
import { withIntervals } from "../analysis/fitting/parametric-law-intervals.ts";
import { finalScatter } from "../analysis/fitting/run-scatter.ts";
import { KAPLAN } from "../analysis/parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "../analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../analysis/parametric-laws/rosenfeld-law.ts";
import type { Point } from "../analysis/points/point.ts";
import type { PreparedPoints } from "../analysis/points/prepare-points.ts";
import { centralInterval, quantileSorted } from "../maths/quantile.ts";
import { normal, randomKey } from "../maths/random.ts";

/** Runs of one size and length that are predicted together: they differ in their seeds and in settings such as the rate. */
export interface Target {
	/** N_T. */
	parameters: number;
	/** D. */
	tokens: number;
	/** 6·N_T·D, FLOP. */
	flops: number;
	/** Ids. */
	runs: string[];
	/** How many seeds each of its settings has. */
	seeds: number;
}

/**
 * The final training loss of one run, in nats per token, at the best learning rate of its size. The interval is that of a
 * prediction: it holds the uncertainty of the law's parameters and the scatter of single runs, and is null where the kept runs
 * do not show one of the two. It takes the law to be true beyond the runs it was fitted to.
 */
export interface Predicted {
	loss: number;
	low: number | null;
	high: number | null;
}

/** What one law says. */
export interface LawForecast {
	/** Its id, such as "method3". */
	law: string;
	/** As in tables of fits, such as "Method 3". */
	title: string;
	formula: string;
	/** Why it predicts nothing; null where it does. */
	reason: string | null;
	/** The fitted law, where its parameters are those of `formula`. */
	parameters: LawParameters;
	/** One for each target, null where the law does not apply. */
	targets: (Predicted | null)[];
	/** The lowest loss among the runs of all targets; null where the law applies to none. */
	best: Predicted | null;
}

export interface LawForecastOptions {
	resamples: number;
	seed: number;
	/** Nominal coverage. */
	interval: number;
	/** Vocabulary size, for the ceiling of Rosenfeld's law. */
	vocabulary: number;
}

/**
 * Fits laws to the points of the kept runs, and predicts: Method 3, Kaplan's and Rosenfeld's laws of N and D, and Method 1's law
 * of L*(C) for targets whose size is about the best for their compute.
 *
 * In synthetic studies that obey Method 3's law, its nominal 90 % intervals held the loss of a run set aside in 89 to 97 % of 100
 * studies of each kind, Rosenfeld's in 83 to 99 %; Kaplan's, a wrong law there, in as few as 13 % (docs/coverage.md).
 */
export function lawForecasts(
	prepared: PreparedPoints,
	targets: readonly Target[],
	options: LawForecastOptions,
): LawForecast[] {
	const laws: [string, ParametricLaw][] = [
		["Method 3", METHOD_3],
		["Kaplan", KAPLAN],
		["Rosenfeld", rosenfeldLaw(options.vocabulary)],
	];
	return [
		...laws.map(([title, law]) => ofLaw(title, law, prepared.points, targets, options)),
		ofMethod1(prepared, targets, options),
	];
}

function ofLaw(
	title: string,
	law: ParametricLaw,
	points: readonly Point[],
	targets: readonly Target[],
	options: LawForecastOptions,
): LawForecast {
	const about = { law: law.name, title, formula: law.formula.replace(/;.*/, "") };
	const { fit, draws } = withIntervals(law, points, fitParametricLaw(law, points, options), options);
	const parameters = estimatesOf(fit);
	const lossAt = (of: LawParameters, { parameters: N, tokens, flops }: Target) =>
		law.loss(of, { run: "", parameters: N, tokens, flops, loss: 1 });
	const losses = targets.map((target) => lossAt(parameters, target));
	const reason = fit.reason ?? (losses.every(isLoss) ? null : "the law gives no finite loss there");
	if (reason !== null) return { ...about, reason, parameters: {}, targets: targets.map(() => null), best: null };
	const scatter = finalScatter(law, parameters, points);
	// A resample that determines no law could have predicted anything; `withIntervals` has dropped most of them.
	const drawn = scatter ? draws.map((draw) => targets.map((target) => lossAt(draw, target))) : [];
	const simulated = drawn
		.filter((each) => each.every(isLoss))
		.map((each, d) =>
			each.map((loss, t) => runsAt(loss, targets[t]!, scatter!, randomKey(options.seed, law.name, "runs", d, t))),
		);
	return {
		...about,
		...{ reason, parameters },
		targets: losses.map((loss, t) =>
			around(
				loss,
				simulated.map((each) => each[t]!.one),
				options.interval,
			),
		),
		best: bestOf(
			losses,
			simulated.map((each) => Math.min(...each.map(({ lowest }) => lowest))),
			options.interval,
		),
	};
}

/** The loss of a run about a law's value, and the lowest of as many runs as the target has seeds. */
function runsAt(
	loss: number,
	{ seeds }: Target,
	{ deviation, freedom }: { deviation: number; freedom: number },
	key: number,
) {
	// Student's t: the deviation is itself estimated, with few degrees of freedom.
	let squares = 0;
	for (let i = 0; i < freedom; i++) squares += normal(key, i) ** 2;
	const scale = deviation * Math.sqrt(freedom / squares);
	const runs = Array.from({ length: seeds }, (_, i) => loss * Math.exp(scale * normal(key, freedom + i)));
	return { one: runs[0]!, lowest: Math.min(...runs) };
}

function around(loss: number, draws: readonly number[], interval: number): Predicted {
	const ends = centralInterval(draws, interval);
	return { loss, low: ends && Math.min(ends.low, loss), high: ends && Math.max(ends.high, loss) };
}

/** The lowest of several runs lies below what a law says of one: its prediction is the median of the draws. */
function bestOf(losses: readonly number[], draws: readonly number[], interval: number): Predicted {
	const loss = draws.length > 0 ? quantileSorted(Float64Array.from(draws).sort(), 0.5) : Math.min(...losses);
	return around(loss, draws, interval);
}

/** The law of L* is about the best size at each compute: within this factor of N*, others are close to it. */
const NEAR_BEST = 2;

function ofMethod1(prepared: PreparedPoints, targets: readonly Target[], options: LawForecastOptions): LawForecast {
	const { method1 } = fitPoints(prepared, {
		...DEFAULT_FIT_OPTIONS,
		...options,
		methods: ["1"],
		at: targets.map(({ flops }) => flops),
	});
	const { allocation, lossNoOffset, lossWithOffset, predictions = [] } = method1!;
	const law = lossWithOffset.estimate === null ? lossNoOffset : lossWithOffset;
	const about = { law: "method1", title: "Method 1", formula: law.formula };
	const none = targets.map(() => null);
	const reason = law.reason ?? allocation.reason;
	if (reason !== null) return { ...about, reason, parameters: {}, targets: none, best: null };
	const found = targets.map(({ flops, parameters }): Predicted | null => {
		const at = predictions.find((each) => each.flops === flops);
		if (!at?.loss || Math.abs(Math.log(parameters / at.parameters.estimate)) > Math.log(NEAR_BEST)) return null;
		return { loss: at.loss.estimate, low: at.run?.low ?? null, high: at.run?.high ?? null };
	});
	const applied = found.filter((each) => each !== null);
	return {
		...about,
		reason:
			applied.length > 0
				? null
				: `no run set aside has about the best size for its compute, within a factor of ${NEAR_BEST} of N*`,
		parameters: estimatesOf(law),
		targets: found,
		best: applied.length > 0 ? applied.reduce((low, each) => (each.loss < low.loss ? each : low)) : null,
	};
}

const isLoss = (loss: number) => loss > 0 && Number.isFinite(loss);
