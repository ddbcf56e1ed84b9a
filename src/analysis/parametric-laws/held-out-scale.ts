import { estimatesOf } from "../fitting/fit.ts";
import { fitParametricLaw } from "../fitting/fit-parametric-law.ts";
import type { LawFitOptions, LawParameters, ParametricLaw } from "../fitting/parametric-law.ts";
import { type Point, usablePoints, type Variable } from "../points/point.ts";

/**
 * Compares how well laws extrapolate: each is fitted to the smaller runs and predicts the largest. Whole runs are held
 * out, so no checkpoint of a predicted run is used in the fit. Extrapolation error is a better test of a scaling law
 * than its fit to the points used (Alabdulmohsin et al. 2022, arXiv:2209.06640).
 */
export interface HeldOutComparison {
	/** The count that measures a run's scale, at the run's end. */
	by: Scale;
	/** Smallest scale among the predicted runs; null when there is no split. */
	from: number | null;
	/** Why there is no split; null when there is one. */
	reason: string | null;
	fittedRuns: string[];
	predictedRuns: string[];
	/** One per law, best prediction first; laws without a prediction come last. */
	laws: HeldOutLaw[];
}

export type Scale = "flops" | "parameters" | "tokens";

export interface HeldOutLaw {
	law: string;
	title: string;
	/** Root mean square of ln L̂ − ln L over the predicted points; null without a fit. */
	error: number | null;
	/** Mean of ln L̂ − ln L: positive where the law predicts too high a loss. */
	bias: number | null;
	/** Root mean square of ln L̂ − ln L over the fitted points, for comparison. */
	residual: number | null;
	/** Number of predicted points. */
	points: number;
	reason: string | null;
	parameters: LawParameters;
}

export interface HeldOutOptions extends LawFitOptions {
	/** Default "flops"; "parameters" when all runs end at the same compute. */
	by?: Scale;
	/** Share of the runs to predict, the largest ones. Default 0.1. Runs of the same scale as the smallest join them. */
	share?: number;
}

/** Runs within this ratio have the same scale. */
const SAME = 1.02;

/** Fits each law to the small runs and predicts the largest. */
export function compareOnHeldOutScale(
	laws: readonly ParametricLaw[],
	points: readonly Point[],
	options: HeldOutOptions = {},
): HeldOutComparison {
	const { share = 0.1 } = options;
	if (!(share > 0 && share < 1)) throw new Error(`held-out scale: share is ${share}; it must lie between 0 and 1`);
	const measures: Scale[] = options.by ? [options.by] : ["flops", "parameters"];
	for (const by of measures) {
		const { used } = usablePoints(points, [by]);
		const from = split(used, by, share);
		if (from === null) continue;
		const scale = scales(used, by);
		const isLarge = ({ run }: Point) => scale.get(run)! * SAME >= from;
		const small = used.filter((point) => !isLarge(point));
		const large = used.filter(isLarge);
		return {
			by,
			from,
			reason: null,
			fittedRuns: runsOf(small),
			predictedRuns: runsOf(large),
			laws: laws.map((law) => predict(law, small, large, options)).sort(byError),
		};
	}
	const reason = `all runs have the same ${measures.join(" and ")}, or there are none: nothing is larger than the rest`;
	return { by: measures[0]!, from: null, reason, fittedRuns: [], predictedRuns: [], laws: [] };
}

/** Each run's scale: the maximum over its points. */
function scales(points: readonly Point[], by: Variable): Map<string, number> {
	const scale = new Map<string, number>();
	for (const point of points) scale.set(point.run, Math.max(scale.get(point.run) ?? 0, point[by]!));
	return scale;
}

/** Smallest scale to predict; null if that would leave nothing to fit. */
function split(points: readonly Point[], by: Variable, share: number): number | null {
	const sorted = [...scales(points, by).values()].sort((a, b) => b - a);
	const from = sorted[Math.ceil(share * sorted.length) - 1];
	return from !== undefined && sorted.at(-1)! * SAME < from ? from : null;
}

function runsOf(points: readonly Point[]): string[] {
	return [...new Set(points.map(({ run }) => run))];
}

function predict(
	law: ParametricLaw,
	small: readonly Point[],
	large: readonly Point[],
	options: LawFitOptions,
): HeldOutLaw {
	const fit = fitParametricLaw(law, small, options);
	const { used } = usablePoints(large, law.variables);
	const parameters: LawParameters = estimatesOf(fit);
	const about = { law: law.name, title: law.title, residual: fit.residual, points: used.length, parameters };
	if (fit.objective === undefined || used.length === 0)
		return { ...about, error: null, bias: null, reason: fit.reason ?? "no predicted point is usable" };
	const misses = used.map((point) => Math.log(law.loss(parameters, point) / point.loss));
	const bias = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
	const error = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
	if (!Number.isFinite(error)) return { ...about, error: null, bias: null, reason: "the law predicts no finite loss" };
	return { ...about, error, bias, reason: null };
}

function byError(a: HeldOutLaw, b: HeldOutLaw): number {
	return (a.error ?? Number.POSITIVE_INFINITY) - (b.error ?? Number.POSITIVE_INFINITY);
}
