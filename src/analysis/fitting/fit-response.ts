import { evenly } from "../../maths/evenly.ts";
import { type Fit, type Health, type LeftOut, LOSSES, type LossName } from "./fit.ts";
import { describeHealth } from "./health.ts";
import type { LawFitOptions, LawOnPoints, LawParameters } from "./parametric-law.ts";
import { profileInterval } from "./profile.ts";
import { lossSequence, type RobustLoss } from "./robust-loss.ts";
import { objectiveAt, type Problem, type Search, searchMinima, solve } from "./search-minima.ts";

/** With more than twice this many points, an even sample of this size is searched for minima, or used to polish them. */
const SEARCH_POINTS = 2000;
const POLISH_POINTS = 40_000;

/** A law of some response, such as the loss, with access to its points P. */
export interface Response<P> {
	title: string;
	formula: string;
	/** The parameter that becomes the fit's `estimate`. */
	headline: string;
	/** Parameters with profile intervals: see `ParametricLaw`. */
	profiled?: readonly string[];
	prepare(points: readonly P[]): LawOnPoints | string;
	/** The value that the law describes, positive. */
	response(point: P): number;
	/** The point as listed in a fit. */
	show(point: P): Fit["points"][number];
}

/**
 * Fits a law to usable points of equal weight. Every start is followed to its local minimum, and the lowest gives the
 * estimate; `health` describes the other minima.
 */
export function fitResponse<P>(
	law: Response<P>,
	used: readonly P[],
	leftOut: LeftOut[],
	options: LawFitOptions = {},
): Fit {
	const { loss, delta, level } = withDefaults(options);
	const about = { level, method: methodOf(law.title, loss, delta), formula: law.formula };
	if (used.length === 0) {
		const why = leftOut[0] ? `no point is usable; the first: ${leftOut[0].reason}` : "there are no points";
		return undetermined(why, leftOut, about);
	}
	const whole = law.prepare(used);
	if (typeof whole === "string") return undetermined(whole, leftOut, about);
	const losses = lossSequence(loss, delta);
	const problem = problemOf(whole, used.map(law.response));
	const search = searchThinned(law, used, problem, losses);
	if (!search) return undetermined("no start has a finite objective", leftOut, about);
	const best = search.minima[0]!;
	const last = losses.at(-1)!;
	const health = describeHealth(problem, last, search, best);
	const values = whole.parameters(best.theta);
	const reason = whole.undetermined(health.atBound) ?? unsound(values, health);
	if (reason) return { ...undetermined(reason, leftOut, about), health };
	const parameters = withoutIntervals(values);
	for (const name of law.profiled?.filter((each) => each in values) ?? []) {
		const profile = profileInterval(problem, last, search.minima, name, level);
		health.profiles = { ...health.profiles, [name]: profile };
		parameters[name] = { estimate: values[name]!, low: profile.low, high: profile.high };
	}
	const { estimate, low, high } = parameters[law.headline]!;
	const open = law.profiled && (low === null || high === null) ? health.profiles![law.headline]!.text : null;
	const points = used.map(law.show);
	return {
		...about,
		estimate: open ? null : estimate,
		low: open ? null : low,
		high: open ? null : high,
		reason: open && `${open} (${100 * level} %): the points do not determine it`,
		parameters,
		residual: rootMeanSquare(problem, best.theta),
		points,
		runs: [...new Set(points.flatMap(({ runs }) => runs))],
		leftOut,
		warnings: warningsOf(whole, problem, health, best.converged),
		resamples: 0,
		objective: { loss, delta: loss === "huber" ? delta : null, value: objectiveAt(problem, last, best.theta) },
		health,
	};
}

/**
 * The minima on all points. With many points, the search uses a sample; the near-best minima are then polished on larger
 * sets, where they need few steps.
 */
function searchThinned<P>(
	law: Response<P>,
	used: readonly P[],
	whole: Problem,
	losses: readonly RobustLoss[],
): Search | null {
	const problems = [SEARCH_POINTS, POLISH_POINTS]
		.filter((count) => used.length > 2 * count)
		.flatMap((count) => {
			const sample = evenly(used, count);
			const prepared = law.prepare(sample);
			return typeof prepared === "string" ? [] : [problemOf(prepared, sample.map(law.response))];
		});
	problems.push(whole);
	const search = searchMinima(problems[0]!, losses);
	if (!search) return null;
	for (const [i, problem] of problems.entries()) {
		if (i === 0) continue;
		const before = problems[i - 1]!.law;
		search.minima = search.minima
			.filter(({ value }, rank) => rank < 2 && value <= 1.01 * search.minima[0]!.value)
			.map(({ theta }) => solve(problem, losses.slice(-1), problem.law.theta(before.parameters(theta))))
			.sort((a, b) => a.value - b.value);
	}
	return search;
}

/** Fills in the default options and checks them. */
export function withDefaults({ loss = "huber", delta = 1e-3, interval = 0.9 }: LawFitOptions) {
	if (!LOSSES.includes(loss)) throw new Error(`fit: loss is "${loss}"; it must be one of ${LOSSES.join(", ")}`);
	if (!(delta > 0 && Number.isFinite(delta))) throw new Error(`fit: delta is ${delta}; it must be positive and finite`);
	if (!(interval > 0 && interval < 1)) throw new Error(`fit: interval is ${interval}; it must lie between 0 and 1`);
	return { loss, delta, level: interval };
}

/** The fitting problem of a law and its target values, all with weight 1. */
export function problemOf(law: LawOnPoints, values: readonly number[]): Problem {
	return {
		law,
		logLoss: Float64Array.from(values, Math.log),
		weights: new Float64Array(values.length).fill(1),
	};
}

const LOSS_WORDS: Record<LossName, (delta: number) => string> = {
	huber: (delta) => `Huber loss of ln L with knee ${delta}`,
	lad: () => "least absolute deviations of ln L",
	"log-mse": () => "least squares of ln L",
	mse: () => "least squares of L",
};

function methodOf(title: string, loss: LossName, delta: number): string {
	return `${title}; ${LOSS_WORDS[loss](delta)}, Newton's method from several starts`;
}

/** A fit without an estimate. */
export function undetermined(
	reason: string,
	leftOut: LeftOut[],
	about: Pick<Fit, "level" | "method" | "formula">,
): Fit {
	const nothing = { estimate: null, low: null, high: null, parameters: {}, residual: null, points: [], runs: [] };
	return { ...about, ...nothing, reason, leftOut, warnings: [], resamples: 0 };
}

export function withoutIntervals(values: LawParameters): Fit["parameters"] {
	return Object.fromEntries(
		Object.entries(values).map(([name, estimate]) => [name, { estimate, low: null, high: null }]),
	);
}

function unsound(values: LawParameters, { condition, nearTies }: Health): string | null {
	const infinite = Object.keys(values).filter((name) => !Number.isFinite(values[name]!));
	if (infinite.length > 0) return `the points put no finite value on ${infinite.join(", ")}`;
	if (condition === null && nearTies.length === 0)
		return "the points leave a combination of the parameters open: the Hessian of the objective is singular";
	return null;
}

function rootMeanSquare(problem: Problem, theta: Float64Array): number {
	const squares = { name: "log-mse", scale: 2, knee: Number.POSITIVE_INFINITY, raw: false } as const;
	return Math.sqrt(objectiveAt(problem, squares, theta) / problem.logLoss.length);
}

function warningsOf(law: LawOnPoints, { logLoss }: Problem, health: Health, converged: boolean): string[] {
	const warnings: string[] = [];
	if (logLoss.length <= law.size)
		warnings.push(
			`${logLoss.length} points for ${law.size} parameters: the law can pass through them whether or not it is true.`,
		);
	if (!converged) warnings.push("The search stopped before the minimum was reached.");
	if (health.nearTies.length > 0)
		warnings.push(
			`${health.nearTies.length} other ${health.nearTies.length > 1 ? "sets" : "set"} of parameters fit as well within 0.2 % of ` +
				"the objective; the points do not choose between them.",
		);
	if (health.atBound.length > 0) warnings.push(`At a bound, so not determined: ${health.atBound.join(", ")}.`);
	return warnings;
}
