import { fitPoints, type PointsAnalysis } from "../../analysis/fit-points.ts";
import type { LeftOut } from "../../analysis/fitting/fit.ts";
import { comparableRuns } from "../../analysis/method1/analyze-study.ts";
import {
	ConventionError,
	type Conventions,
	countPoints,
	defaultConventions,
} from "../../analysis/points/conventions.ts";
import { type PointRow, PointsError, type PointsFile, readPoints } from "../../analysis/points/points-file.ts";
import { preparePoints } from "../../analysis/points/prepare-points.ts";
import type { RunResult } from "../../run/run-result.ts";
import { rowsOfRuns } from "../../study/run-points.ts";
import { UsageError } from "../printing/terminal.ts";
import type { FitSettings } from "./fit-options.ts";

/**
 * What `isoflop fit` prints of points as JSON; docs/fit-output.md describes every field. (Of a runs.jsonl without further options
 * it is the `StudyAnalysis` that the page shows.)
 */
export interface FitReport {
	source: {
		file: string;
		kind: "points" | "runs";
		/** Rows of data, or runs. */
		rows: number;
		/** The file's own name of each column that was read. */
		columns: Record<string, string>;
		leftOut: PointsFile["leftOut"];
	};
	options: Omit<FitSettings, "wantsPoints" | "conventions">;
	/** One, without a name, unless the file has a column that tells experiments apart. */
	experiments: (PointsAnalysis & { name: string | null; conventions: Conventions })[];
}

/** Fits the points of a CSV file. */
export function pointsReport(file: string, text: string, settings: FitSettings): FitReport {
	const points = named(file, () => readPoints(text, settings.where, settings.dropHighest));
	const { columns, rows, leftOut, experiments } = points;
	if (experiments.every((experiment) => experiment.rows.length === 0))
		throw new Error(`${file}: none of its ${rows} rows has a loss that counts; there is nothing to fit`);
	return {
		source: { file, kind: "points", rows, columns, leftOut: leftOut.slice(0, MOST_LISTED) },
		options: optionsOf(settings),
		experiments: experiments
			.filter(({ rows }) => rows.length > 0)
			.map(({ name, rows }) => ({ name, ...fitRows(file, rows, settings, []) })),
	};
}

/** Rows listed as left out. */
const MOST_LISTED = 1000;

/** Fits the points of the curves of runs that can be compared. */
export function runsReport(file: string, results: readonly RunResult[], settings: FitSettings): FitReport {
	const groups = comparableRuns(results);
	if (groups.length > 1)
		throw new Error(
			`${file}: the runs differ in corpus, vocabulary or context (${groups.length} combinations), so their losses cannot be compared`,
		);
	const { rows, leftOut } = rowsOfRuns(results, settings.rates);
	if (rows.length === 0) throw new Error(`${file}: no run has a usable loss curve`);
	const { vocabulary } = results[0]!.spec.model;
	return {
		source: { file, kind: "runs", rows: results.length, columns: {}, leftOut: [] },
		options: { ...optionsOf(settings), vocabulary },
		experiments: [{ name: null, ...fitRows(file, rows, { ...settings, vocabulary }, leftOut) }],
	};
}

function optionsOf({ wantsPoints: _, conventions: __, ...options }: FitSettings): FitReport["options"] {
	return options;
}

function fitRows(file: string, rows: readonly PointRow[], settings: FitSettings, leftOut: readonly LeftOut[]) {
	const conventions = defaultConventions(rows, settings.conventions);
	const points = named(file, () => countPoints(rows, conventions));
	if (settings.curvePoints === "annealed" && !points.some(({ annealed }) => annealed))
		throw new UsageError(
			`${file}: --curve-points is "annealed", but no row says that it is; a column annealed with true and false does`,
		);
	return { conventions, ...fitPoints(preparePoints(points, settings.curvePoints), settings, leftOut) };
}

/** Adds the file's name to what is wrong in it. */
function named<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		const message = `${file}: ${(error as Error).message}`;
		if (error instanceof ConventionError) throw new UsageError(message, { cause: error });
		if (error instanceof PointsError) throw new Error(message, { cause: error });
		throw error;
	}
}
