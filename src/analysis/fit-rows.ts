import {
	DEFAULT_FIT_OPTIONS,
	type FitPointsOptions,
	fitPoints,
	type PointsAnalysis,
	readingsOf,
	type WatchFits,
} from "./fit-points.ts";
import type { LeftOut } from "./fitting/fit.ts";
import type { Reading } from "./methods/fit-method.ts";
import { METHOD_IDS } from "./methods/registry.ts";
import { type Conventions, countPoints, defaultConventions } from "./points/conventions.ts";
import type { CurvePoints } from "./points/law-points.ts";
import { implausible } from "./points/plausibility.ts";
import type { Point } from "./points/point.ts";
import type { PointRow } from "./points/points-file.ts";
import { type PreparedPoints, preparePoints } from "./points/prepare-points.ts";

export interface FitRowsOptions extends FitPointsOptions {
	/** Unset what the rows decide. */
	conventions: Partial<Conventions>;
	/** Which points of a training curve the laws of N and D are fitted to. */
	curvePoints: CurvePoints;
	/** Points share a budget of compute within this share. */
	tolerance: number;
	/** Only points within this range of compute count, FLOP; null for all. */
	range: readonly [from: number, to: number] | null;
}

export interface RowsFit {
	conventions: Conventions;
	prepared: PreparedPoints;
	/** Its notes begin with what is not plausible about the points. */
	analysis: PointsAnalysis;
}

/**
 * Counts, prepares and fits the rows of one experiment: what `isoflop fit` and the page make of the same rows is the same.
 *
 * @param watch is told of each method before it is fitted
 * @throws ConventionError when a row lacks what the conventions need
 */
export function fitRows(
	rows: readonly PointRow[],
	options: FitRowsOptions,
	leftOut: readonly LeftOut[] = [],
	watch?: WatchFits,
): RowsFit {
	const conventions = defaultConventions(rows, options.conventions);
	const all = countPoints(rows, conventions);
	const points = within(all, options.range);
	const outside = all.length - points.length;
	// Where every method is wanted, none that needs what the rows do not have.
	const hasUnique = points.some(({ uniqueTokens }) => uniqueTokens !== undefined);
	const wantsAll = METHOD_IDS.every((id) => options.methods.includes(id));
	const methods = options.methods.filter((id) => !wantsAll || id !== "data-constrained" || hasUnique);
	const prepared = preparePoints(points, options.curvePoints, options.tolerance);
	const analysis = fitPoints(prepared, { ...options, methods }, leftOut, watch);
	return {
		conventions,
		prepared,
		analysis: {
			...analysis,
			notes: [
				...implausible(points, conventions),
				...(outside > 0
					? [`${outside} of ${all.length} points are outside of the range of compute, and left out.`]
					: []),
				...analysis.notes,
			],
		},
	};
}

/** What of a fit by every method is chosen; the rest is as in `isoflop fit` without options. */
export interface EveryMethodOptions {
	vocabulary: number;
	/** Unset what the rows decide. */
	conventions: Partial<Conventions>;
	resamples: number;
}

/** Fits rows by every method, with the readings that tables and figures show. @throws ConventionError as `fitRows` */
export function fitByEveryMethod(
	rows: readonly PointRow[],
	chosen: EveryMethodOptions,
	leftOut: readonly LeftOut[] = [],
	watch?: WatchFits,
): RowsFit & { readings: Reading[] } {
	const options = { ...DEFAULT_FIT_OPTIONS, methods: METHOD_IDS, at: [], ...chosen };
	const fit = fitRows(rows, options, leftOut, watch);
	return { ...fit, readings: readingsOf(fit.analysis, options) };
}

function within(points: readonly Point[], range: FitRowsOptions["range"]): readonly Point[] {
	return range ? points.filter(({ flops }) => flops >= range[0] && flops <= range[1]) : points;
}
