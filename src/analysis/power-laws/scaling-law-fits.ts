import { intervalAround } from "../../maths/quantile.ts";
import type { Estimate, Fit, FitPoint, LeftOut } from "../fitting/fit.ts";
import { listLeftOut } from "../points/left-out.ts";
import { optimumOfScalingLaws, type Prediction, predict, type RunDeviation } from "./predict.ts";
import type { ScalingLaws } from "./scaling-laws.ts";

/** The laws of compute-optimal training, whatever method found the optima. */
export interface ScalingLawFits {
	/** N* = kN · C^a. */
	allocation: Fit;
	/** D* = kD · C^b. */
	tokens: Fit;
	/** L* = k · C^-γ. */
	lossNoOffset: Fit;
	/** L* = E + k · C^-γ. */
	lossWithOffset: Fit;
	/** Predictions at the requested compute; absent when none was requested. */
	predictions?: Prediction[];
}

/** What a method reports about the laws it fitted, besides their numbers. */
export interface ScalingLawSource {
	/** The method, in words. */
	method: string;
	/** Where N* and D* were measured, in words. */
	optimaAt: string;
	/** Where L* was measured, in words. */
	lossesAt: string;
	/** The fitted points; `tokens` and `allocation` hold the same optima. */
	points: { allocation: FitPoint[]; tokens: FitPoint[]; loss: FitPoint[] };
	/** Why the laws of N* and D*, and those of L*, may be missing although there are optima. */
	lacking: { optimum: string; loss: string };
	/** Why resamples fail and what would help. */
	fragile: string;
	/**
	 * Every run given to the method, in groups that compete: the lowest loss of a group counts. A run of a group of which
	 * another run is used has taken part.
	 */
	groups: readonly (readonly string[])[];
	/** Why the method uses no run of some of these groups. */
	unused: string;
}

/** What all laws of one method have in common. */
export interface ScalingLawContext {
	leftOut: readonly LeftOut[];
	/** Why no laws were fitted at all; null otherwise. */
	reason: string | null;
	warnings: readonly string[];
	/** Of single runs, for predicting one; null if unknown. */
	runScatter: RunDeviation | null;
	options: { resamples: number; interval: number; seed: number; at?: readonly number[] };
}

const FORMULAS = {
	allocation: "N* = kN · C^a",
	tokens: "D* = kD · C^b",
	lossNoOffset: "L* = k · C^−γ",
	lossWithOffset: "L* = E + k · C^−γ",
} as const;

/** The four laws of a method as `Fit`s, with estimates, intervals over the resamples, points, runs and warnings. */
export function describeScalingLaws(
	laws: ScalingLaws | null,
	resampled: readonly ScalingLaws[],
	source: ScalingLawSource,
	context: ScalingLawContext,
): ScalingLawFits {
	const { method, optimaAt, lossesAt, points, lacking } = source;
	const power = (law: "allocation" | "tokens" | "lossNoOffset", names: [string, string], sign: 1 | -1) => ({
		value: (of: ScalingLaws) => of[law] && { [names[0]]: of[law].coefficient, [names[1]]: sign * of[law].exponent },
		exponent: names[1],
		residual: laws?.[law]?.residual ?? null,
		formula: FORMULAS[law],
		extra: [],
	});
	const finish = (law: LawOutline) => finishFit(laws, resampled, law, source, context);
	const { at: computes, interval, seed } = context.options;
	const predictions =
		computes && laws
			? predict(laws, resampled, optimumOfScalingLaws, context.runScatter, { at: computes, interval, seed })
			: null;
	return {
		...(predictions && { predictions }),
		allocation: finish({
			...power("allocation", ["kN", "a"], 1),
			method: `${method}; least squares of ln N* on ln C, ${optimaAt}`,
			points: points.allocation,
			lacking: lacking.optimum,
		}),
		tokens: finish({
			...power("tokens", ["kD", "b"], 1),
			method: `${method}; least squares of ln D* on ln C with D* = C / (6 · N*), ${optimaAt}`,
			points: points.tokens,
			lacking: lacking.optimum,
		}),
		lossNoOffset: finish({
			...power("lossNoOffset", ["k", "γ"], -1),
			method: `${method}; least squares of ln L* on ln C, ${lossesAt}`,
			points: points.loss,
			lacking: `${lacking.loss}; a slope needs 2`,
		}),
		lossWithOffset: finish({
			value: ({ lossWithOffset: law }) => law && { E: law.offset, k: law.coefficient, γ: law.exponent },
			exponent: "γ",
			residual: laws?.lossWithOffset?.residual ?? null,
			method: `${method}; least squares of L* on C by variable projection, ${lossesAt}`,
			formula: FORMULAS.lossWithOffset,
			points: points.loss,
			lacking: `${lacking.loss}; an offset needs 4`,
			extra: offsetWarnings(laws, resampled),
		}),
	};
}

/** The laws of a method that found no optima. */
export function emptyScalingLaws(
	method: string,
	reason: string,
	leftOut: readonly LeftOut[],
	level: number,
): ScalingLawFits {
	const fit = (formula: string) => undetermined(reason, leftOut, { level, method, formula });
	return {
		allocation: fit(FORMULAS.allocation),
		tokens: fit(FORMULAS.tokens),
		lossNoOffset: fit(FORMULAS.lossNoOffset),
		lossWithOffset: fit(FORMULAS.lossWithOffset),
	};
}

interface LawOutline {
	/** The law's parameters by name. */
	value: (laws: ScalingLaws) => Record<string, number> | null;
	exponent: string;
	residual: number | null;
	method: string;
	formula: string;
	points: FitPoint[];
	/** Why there is no estimate although there are optima. */
	lacking: string;
	extra: string[];
}

function finishFit(
	laws: ScalingLaws | null,
	all: readonly ScalingLaws[],
	law: LawOutline,
	source: ScalingLawSource,
	context: ScalingLawContext,
): Fit {
	const { options, warnings } = context;
	const estimate = laws && law.value(laws);
	const base = { level: options.interval, method: law.method, formula: law.formula };
	if (!estimate) return undetermined(context.reason ?? law.lacking, context.leftOut, base);
	const draws = all.map(law.value).filter((value) => value !== null);
	const failed = all.length - draws.length;
	const interval = (name: string) =>
		intervalAround(
			estimate[name]!,
			draws.map((draw) => draw[name]!),
			failed,
			options.interval,
		);
	// Reject estimates that do not survive noise of the observed size.
	if (failed > 0 && !interval(law.exponent))
		return undetermined(
			`too fragile to estimate: when points are moved by as much as the runs scatter, no law can be fitted in ${failed} of ` +
				`${all.length} resamples, ${source.fragile}`,
			context.leftOut,
			base,
		);
	const parameters: Record<string, Estimate> = {};
	for (const [name, value] of Object.entries(estimate)) {
		const { low, high } = interval(name) ?? { low: null, high: null };
		parameters[name] = { estimate: value, low, high };
	}
	const runs = [...new Set(law.points.flatMap((point) => point.runs))];
	const used = new Set(runs);
	const unused = source.groups
		.filter((group) => !group.some((run) => used.has(run)))
		.flatMap((group) => group.map((run) => ({ run, reason: source.unused })));
	const about =
		failed > 0
			? [
					`${failed} of ${all.length} resamples gave no estimate; they count half as lower and half as higher than any other, ` +
						"which widens the interval.",
				]
			: [];
	return {
		...parameters[law.exponent]!,
		...base,
		reason: null,
		parameters,
		residual: law.residual,
		points: law.points,
		runs,
		...listLeftOut([...context.leftOut, ...unused]),
		warnings: [...warnings, ...law.extra, ...about],
		resamples: draws.length,
	};
}

function offsetWarnings(laws: ScalingLaws | null, resampled: readonly ScalingLaws[]): string[] {
	const law = laws?.lossWithOffset;
	if (!law) return [];
	const warnings: string[] = [];
	const share = resampled.filter((each) => each.lossWithOffset?.atBound.includes("E")).length / resampled.length;
	if (law.atBound.includes("E"))
		warnings.push("E is at its bound 0: over this range of compute no offset can be told from a plain power law.");
	else if (share > 0.05)
		warnings.push(
			`E is at its bound 0 in ${Math.round(share * 100)} % of the resamples: the offset is hardly determined.`,
		);
	if (law.atBound.includes("γ"))
		warnings.push("γ is at a bound of its range 0.002 to 2: the frontier is not a power law with an offset.");
	return warnings;
}

function undetermined(
	reason: string,
	leftOut: readonly LeftOut[],
	base: Pick<Fit, "level" | "method" | "formula">,
): Fit {
	return {
		...base,
		...{ estimate: null, low: null, high: null, reason, parameters: {}, residual: null, points: [], runs: [] },
		...listLeftOut(leftOut),
		warnings: [],
		resamples: 0,
	};
}
