import { type PointsAnalysis, readingsOf } from "../../analysis/fit-points.ts";
import { fitRows, type RowsFit } from "../../analysis/fit-rows.ts";
import type { LeftOut } from "../../analysis/fitting/fit.ts";
import type { Column, Source } from "../../analysis/points/column-names.ts";
import { ConventionError, type Conventions } from "../../analysis/points/conventions.ts";
import { mergedExperiments } from "../../analysis/points/merge-files.ts";
import { PointsError } from "../../analysis/points/points-error.ts";
import { type PointRow, type PointsFile, readPoints } from "../../analysis/points/points-file.ts";
import type { ReadExperiment } from "../../analysis/reports/readings-csv.ts";
import type { ReadPoints } from "../../experiments/figures/figures-of-points.ts";
import type { RunResult } from "../../run/run-result.ts";
import { IncomparableRuns, rowsOfComparableRuns } from "../../study/run-points.ts";
import { UsageError } from "../printing/terminal.ts";
import type { FitSettings } from "./fit-options.ts";

/**
 * What `isoflop fit` prints of points as JSON; docs/fit-output.md describes every field. (Of a runs.jsonl without further options
 * it is the `StudyAnalysis` that the page shows.)
 */
export interface FitReport {
	source: {
		/** Several are joined by commas. */
		file: string;
		kind: "points" | "runs";
		/** Rows of data, or runs. */
		rows: number;
		/** The file's own name of each column that was read; of several files, those of the first. */
		columns: Partial<Record<Column, string>>;
		/** What the numbers of a column were multiplied by, where not by 1. */
		units: Partial<Record<Column, number>>;
		/** Other columns that could have been meant. */
		alternatives: Partial<Record<Column, string[]>>;
		/** `file` only where there are several. */
		leftOut: { line: number; reason: string; file?: string }[];
	};
	options: Omit<FitSettings, "wantsPoints" | "conventions">;
	/** One, without a name, unless the file has a column that tells experiments apart. */
	experiments: (PointsAnalysis & { name: string | null; conventions: Conventions })[];
}

/** A file's name, as errors have it, and its text. */
export interface GivenFile {
	name: string;
	text: string;
}

/** A report, and what its figures and its CSV are made of: one for each of its experiments. */
export interface FittedPoints {
	report: FitReport;
	read: (ReadPoints & ReadExperiment)[];
}

/** Fits the points of one or more files of measurements. */
export function pointsReport(files: readonly GivenFile[], settings: FitSettings): FittedPoints {
	const read = files.map(({ name, text }) => named(name, () => readPoints(text, settings)));
	const file = files.map(({ name }) => name).join(", ");
	const rows = read.reduce((sum, each) => sum + each.rows, 0);
	const experiments = mergedExperiments(files.map(({ name }, f) => ({ name, read: read[f]! })));
	if (experiments.every((experiment) => experiment.rows.length === 0))
		throw new Error(`${file}: none of its ${rows} rows has a loss that counts; there is nothing to fit`);
	return fitted(
		{ file, kind: "points", rows, ...columnsOf(read[0]!.columns), leftOut: leftOutOf(files, read) },
		settings,
		experiments
			.filter(({ rows }) => rows.length > 0)
			.map(({ name, rows }) => ({ name, ...fitNamed(file, rows, settings, []) })),
	);
}

function fitted(
	source: FitReport["source"],
	settings: FitSettings,
	experiments: readonly ({ name: string | null } & RowsFit)[],
): FittedPoints {
	return {
		report: {
			...{ source, options: optionsOf(settings) },
			experiments: experiments.map(({ name, conventions, analysis }) => ({ name, conventions, ...analysis })),
		},
		read: experiments.map(({ name, conventions, analysis, prepared }) => ({
			...{ name, conventions, analysis },
			...{ readings: readingsOf(analysis, settings), points: prepared.raw, slices: prepared.slices },
		})),
	};
}

function columnsOf(columns: PointsFile["columns"]): Pick<FitReport["source"], "columns" | "units" | "alternatives"> {
	const pick = <Value>(value: (source: Source) => Value | null) =>
		Object.fromEntries(
			Object.entries(columns).flatMap(([column, source]) => {
				const found = value(source);
				return found === null ? [] : [[column, found] as const];
			}),
		);
	return {
		columns: pick(({ name }) => name),
		units: pick(({ unit }) => (unit === 1 ? null : unit)),
		alternatives: pick(({ others }) => (others.length === 0 ? null : others)),
	};
}

/** Rows listed as left out. */
const MOST_LISTED = 1000;

function leftOutOf(files: readonly GivenFile[], read: readonly PointsFile[]): FitReport["source"]["leftOut"] {
	const all = read.flatMap(({ leftOut }, f) =>
		leftOut.map((each) => (files.length === 1 ? each : { ...each, file: files[f]!.name })),
	);
	return all.slice(0, MOST_LISTED);
}

/** Fits the points of the curves of runs that can be compared. */
export function runsReport(file: string, results: readonly RunResult[], settings: FitSettings): FittedPoints {
	const { rows, leftOut } = named(file, () => rowsOfComparableRuns(results, settings.rates));
	const { vocabulary } = results[0]!.spec.model;
	const complete = { ...settings, vocabulary };
	return fitted(
		{ file, kind: "runs", rows: results.length, columns: {}, units: {}, alternatives: {}, leftOut: [] },
		complete,
		[{ name: null, ...fitNamed(file, rows, complete, leftOut) }],
	);
}

function optionsOf({ wantsPoints: _, conventions: __, ...options }: FitSettings): FitReport["options"] {
	return options;
}

function fitNamed(
	file: string,
	rows: readonly PointRow[],
	settings: FitSettings,
	leftOut: readonly LeftOut[],
): RowsFit {
	if (settings.curvePoints === "annealed" && !rows.some(({ annealed }) => annealed))
		throw new UsageError(
			`${file}: --curve-points is "annealed", but no row says that it is; a column annealed with true and false does`,
		);
	return named(file, () => fitRows(rows, settings, leftOut));
}

/** Adds the file's name to what is wrong in it. */
function named<T>(file: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		const message = `${file}: ${(error as Error).message}`;
		if (error instanceof ConventionError) throw new UsageError(message, { cause: error });
		if (error instanceof PointsError || error instanceof IncomparableRuns) throw new Error(message, { cause: error });
		throw error;
	}
}
