import type { Fit, Health, LeftOut, LossName } from "./fit.ts";
import { describeHealth } from "./health.ts";
import type { LawFitOptions, LawOnPoints, LawParameters, LossLaw } from "./loss-law.ts";
import { distinct, type Point, usablePoints } from "./point.ts";
import { profileInterval } from "./profile.ts";
import { lossSequence } from "./robust-loss.ts";
import { objectiveAt, type Problem, searchMinima, solve } from "./search-minima.ts";

/** The search for minima looks at no more points than this, evenly taken; its best is then polished on all of them. */
const SEARCH_POINTS = 2000;

const LOSSES: readonly LossName[] = ["huber", "lad", "log-mse", "mse"];

/**
 * Fits a law to points, all of equal weight: every start is taken to its local minimum, the best is the estimate, and
 * what became of the others is in its health. Without intervals: these come from refits, see `refitter`.
 */
export function fitLaw(law: LossLaw, points: readonly Point[], options: LawFitOptions = {}): Fit {
	const { loss, delta, level } = withDefaults(options);
	const { used, leftOut } = usablePoints(points, law.variables);
	const about = { level, method: methodOf(law, loss, delta), formula: law.formula };
	if (used.length === 0) {
		const why = leftOut[0] ? `no point is usable; the first: ${leftOut[0].reason}` : "there are no points";
		return undetermined(why, leftOut, about);
	}
	const whole = law.prepare(used);
	if (typeof whole === "string") return undetermined(whole, leftOut, about);
	const losses = lossSequence(loss, delta);
	const problem = problemOf(whole, used);
	const sample = used.length > SEARCH_POINTS ? law.prepare(evenly(used, SEARCH_POINTS)) : whole;
	const thinned = sample !== whole && typeof sample !== "string";
	const search = searchMinima(thinned ? problemOf(sample, evenly(used, SEARCH_POINTS)) : problem, losses);
	if (!search) return undetermined("no start has a finite objective", leftOut, about);
	if (thinned)
		search.minima = search.minima
			.slice(0, 2)
			.map(({ theta }) => solve(problem, losses.slice(-1), whole.theta(sample.parameters(theta))))
			.sort((a, b) => a.value - b.value);
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
	return {
		...about,
		estimate: open ? null : estimate,
		low: open ? null : low,
		high: open ? null : high,
		reason: open && `${open} (${100 * level} %): the points do not determine it`,
		parameters,
		residual: rootMeanSquare(problem, best.theta),
		points: used.map(({ run, parameters, tokens, loss }) => ({ x: parameters, y: loss, tokens, runs: [run] })),
		runs: [...new Set(used.map(({ run }) => run))],
		leftOut,
		warnings: warningsOf(whole, used, health, best.converged),
		resamples: 0,
		objective: { loss, delta: loss === "huber" ? delta : null, value: objectiveAt(problem, last, best.theta) },
		health,
	};
}

/** Fits a law again under other weights: of 0 for a point that was not drawn, of 2 for one drawn twice. */
export type Refit = (weights: ArrayLike<number>) => LawParameters | null;

/**
 * A fast refit for resampling: from the parameters of the fit to all points straight to the minimum nearby.
 *
 * @param points the same as the fit's, all usable; a refit's weights are in their order
 * @param start the fit's parameters
 * @returns a function that gives the parameters, or null where the weighted points do not determine them
 */
export function refitter(
	law: LossLaw,
	points: readonly Point[],
	start: LawParameters,
	options: LawFitOptions = {},
): Refit {
	const { loss, delta } = withDefaults(options);
	const prepared = law.prepare(points);
	if (typeof prepared === "string") return () => null;
	const problem = problemOf(prepared, points);
	// A resample scatters by far more than what the last steps would add.
	const losses = lossSequence(loss, delta).filter(({ knee }) => knee >= Math.min(delta, 1e-6));
	const patience = { precision: 1e-10 };
	const theta = prepared.theta(start);
	return (weights) => {
		problem.weights.set(weights);
		const minimum = solve(problem, losses, theta, patience);
		if (!Number.isFinite(minimum.value)) return null;
		const values = prepared.parameters(minimum.theta);
		const atBound = minimum.atBound.map((j) => prepared.names[j]!);
		const sound = Object.values(values).every(Number.isFinite) && prepared.undetermined(atBound) === null;
		return sound ? values : null;
	};
}

function withDefaults({ loss = "huber", delta = 1e-3, interval = 0.9 }: LawFitOptions) {
	if (!LOSSES.includes(loss)) throw new Error(`fit: loss is "${loss}"; it must be one of ${LOSSES.join(", ")}`);
	if (!(delta > 0 && Number.isFinite(delta))) throw new Error(`fit: delta is ${delta}; it must be positive and finite`);
	if (!(interval > 0 && interval < 1)) throw new Error(`fit: interval is ${interval}; it must lie between 0 and 1`);
	return { loss, delta, level: interval };
}

function problemOf(law: LawOnPoints, points: readonly Point[]): Problem {
	return {
		law,
		logLoss: Float64Array.from(points, ({ loss }) => Math.log(loss)),
		weights: new Float64Array(points.length).fill(1),
	};
}

function evenly(points: readonly Point[], count: number): Point[] {
	return Array.from({ length: count }, (_, i) => points[Math.floor(((i + 0.5) * points.length) / count)]!);
}

const LOSS_WORDS: Record<LossName, (delta: number) => string> = {
	huber: (delta) => `Huber loss of ln L with knee ${delta}`,
	lad: () => "least absolute deviations of ln L",
	"log-mse": () => "least squares of ln L",
	mse: () => "least squares of L",
};

function methodOf(law: LossLaw, loss: LossName, delta: number): string {
	return `${law.title}; ${LOSS_WORDS[loss](delta)}, Newton's method from several starts`;
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

function warningsOf(law: LawOnPoints, points: readonly Point[], health: Health, converged: boolean): string[] {
	const warnings: string[] = [];
	if (
		distinct(
			points.map(({ loss }) => loss),
			law.size + 1,
		) <= law.size
	)
		warnings.push(
			`${points.length} points for ${law.size} parameters: the law can pass through them whatever is true.`,
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
