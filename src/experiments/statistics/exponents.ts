import type { Fit } from "../../analysis/fitting/fit.ts";
import { analyzeStudy } from "../../analysis/method1/analyze-study.ts";
import type { RateRule } from "../../analysis/method1/choose-rates.ts";
import type { CurveRun } from "../../analysis/points/curve-run.ts";
import type { Convention } from "../../architecture/flops.ts";
import type { AnswerOptions } from "../answer.ts";
import { intervalText } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import type { Interval } from "./cells.ts";

/** a of N* ∝ C^a with either way of counting. */
export type Exponents = Readonly<Record<Convention, Fit>>;

/** The exponents by Method 1, from whole training curves; `rates` says which learning rates of a size count. */
export function exponentsOfCurves(
	runs: readonly CurveRun[],
	{ resamples, seed, interval }: AnswerOptions,
	rates: RateRule = "envelope",
): Exponents {
	const { total, nonEmbedding } = analyzeStudy(runs, { resamples, seed, interval, rates }).conventions;
	return { total: total.allocation, nonEmbedding: nonEmbedding.allocation };
}

/** A fit's estimate with its interval; null where the runs do not determine it. */
export function exponentOf({ estimate, low, high }: Pick<Fit, "estimate" | "low" | "high">): Interval | null {
	return estimate === null ? null : { estimate, low, high };
}

/** "N* ∝ C^0.50 (0.43 to 0.58) in total parameters and C^0.79 (0.70 to 0.89) in non-embedding parameters", or what is lacking; `fitWarnings` has the reasons. */
export function exponentsText(exponents: Exponents): string {
	const found = CONVENTION_ORDER.flatMap((convention) => {
		const exponent = exponentOf(exponents[convention]);
		return exponent ? [`C^${intervalText(exponent)} ${CONVENTIONS[convention].phrase}`] : [];
	});
	const lacking = CONVENTION_ORDER.filter((convention) => exponents[convention].estimate === null);
	if (found.length === 0) return "no exponent";
	const rest = lacking.map((convention) => ` but none ${CONVENTIONS[convention].phrase}`);
	return `N* ∝ ${found.join(" and ")}${rest.join("")}`;
}

/** Whether two intervals have no value in common; null if one of them is unknown. */
export function areSeparate(p: Interval | null, q: Interval | null): boolean | null {
	if (p?.low == null || p.high === null || q?.low == null || q.high === null) return null;
	return p.high < q.low || q.high < p.low;
}

/** What fits warn of and which have no estimate, each with the name of what it is about. */
export function fitWarnings(named: readonly (readonly [name: string, fit: Fit])[]): string[] {
	return named.flatMap(([name, { estimate, low, high, reason, warnings }]) => [
		...(reason === null ? [] : [`${name}: no exponent, because ${reason}.`]),
		...(estimate !== null && (low === null || high === null) ? [`${name}: the exponent has no interval.`] : []),
		...warnings.map((warning) => `${name}: ${warning}`),
	]);
}
