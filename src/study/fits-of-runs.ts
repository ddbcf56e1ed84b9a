import type { PointsAnalysis } from "../analysis/fit-points.ts";
import { fitByEveryMethod } from "../analysis/fit-rows.ts";
import type { Reading } from "../analysis/methods/fit-method.ts";
import { conventionsOf } from "../analysis/points/conventions.ts";
import type { Slice } from "../analysis/points/iso-flop.ts";
import type { Point } from "../analysis/points/point.ts";
import type { Counting } from "../architecture/counting.ts";
import type { RunResult } from "../run/run-result.ts";
import { rowsOfComparableRuns } from "./run-points.ts";

/** What every method makes of a study's finished runs in one way of counting. */
export interface FitsOfRuns {
	counting: Counting;
	/** Finished runs. */
	runs: number;
	resamples: number;
	/** Size of the runs' vocabulary. */
	vocabulary: number;
	analysis: PointsAnalysis;
	readings: Reading[];
	/** The measured points that laws are fitted to, and the budgets of Method 2. */
	points: Point[];
	slices: Slice[];
}

/**
 * Fits a study's finished runs by every method, as `isoflop fit` does with the same counting.
 *
 * @throws IncomparableRuns when the runs cannot be fitted together, or none has a usable point
 */
export function fitsOfRuns(results: readonly RunResult[], counting: Counting, resamples: number): FitsOfRuns {
	const { rows, leftOut } = rowsOfComparableRuns(results);
	const { vocabulary } = results[0]!.spec.model;
	const conventions = conventionsOf(counting);
	const { analysis, prepared, readings } = fitByEveryMethod(rows, { vocabulary, conventions, resamples }, leftOut);
	return {
		...{ counting, runs: results.length, resamples, vocabulary, analysis },
		...{ readings, points: prepared.points, slices: prepared.slices },
	};
}
