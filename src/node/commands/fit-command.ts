import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fitPoints, type PointsAnalysis } from "../../analysis/fit-points.ts";
import type { LeftOut } from "../../analysis/fitting/fit.ts";
import { analyseStudy, comparableRuns } from "../../analysis/index.ts";
import {
	ConventionError,
	type Conventions,
	countPoints,
	defaultConventions,
} from "../../analysis/points/conventions.ts";
import { type PointRow, PointsError, type PointsFile, readPoints } from "../../analysis/points/points-file.ts";
import { preparePoints } from "../../analysis/points/prepare-points.ts";
import { type RunLines, readRunLines } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { rowsOfRuns } from "../../study/run-points.ts";
import { RUNS_FILE } from "../files/study-folder.ts";
import { fitTable } from "../printing/fit-table.ts";
import { pointsTable } from "../printing/points-table.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { type FitArguments, type FitSettings, fitSettings } from "./fit-options.ts";

/**
 * What `isoflop fit` prints of points as JSON; fit-output.md tells every field. (Of a runs.jsonl without further options
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

/**
 * `isoflop fit`: the coefficients of finished runs, from a runs.jsonl or a folder with one, or of any measurements, from
 * a CSV file of points.
 */
export async function fitCommand(terminal: Terminal, path: string, given: FitArguments): Promise<number> {
	const settings = fitSettings(given);
	const file = await fileOf(path);
	const text = await readText(file);
	const isRuns = file.endsWith(".jsonl") || text.trimStart().startsWith("{");
	if (!isRuns) return report(terminal, pointsReport(file, text, settings), given);
	const { results, torn } = readRuns(file, text);
	if (torn) terminal.say(`${file} ends in a line that was not written to its end; it is left out`);
	if (results.length === 0) throw new Error(`${file} has no runs; isoflop run makes some`);
	if (given.where !== undefined || given.dropHighest !== undefined)
		throw new UsageError("--where and --drop-highest are for files of points");
	if (settings.wantsPoints) return report(terminal, runsReport(file, results, settings), given);
	const { resamples, seed, interval } = settings;
	const fits = analyseStudy(results, { resamples, seed, interval });
	if (given.json) terminal.json(fits);
	else for (const line of fitTable(fits)) terminal.print(line);
	return 0;
}

function report(terminal: Terminal, document: FitReport, { json }: FitArguments): number {
	if (json) terminal.json(document);
	else for (const line of pointsTable(document)) terminal.print(line);
	return 0;
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

function runsReport(file: string, results: readonly RunResult[], settings: FitSettings): FitReport {
	const groups = comparableRuns(results);
	if (groups.length > 1)
		throw new Error(
			`${file}: the runs differ in corpus, vocabulary or context (${groups.length} combinations), so that their losses cannot be compared`,
		);
	const { rows, leftOut } = rowsOfRuns(results);
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
	const budgets = rows.every((row) => row.budget !== null) ? rows.map((row) => row.budget) : null;
	return { conventions, ...fitPoints(preparePoints(points, budgets), settings, leftOut) };
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

async function fileOf(path: string): Promise<string> {
	try {
		return (await stat(path)).isDirectory() ? join(path, RUNS_FILE) : path;
	} catch {
		throw new UsageError(
			`fit: there is no file or folder "${path}"; give a ${RUNS_FILE}, a folder with one, or a CSV file of points`,
		);
	}
}

async function readText(file: string): Promise<string> {
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		throw new Error(
			`${file} cannot be read (${(error as NodeJS.ErrnoException).code}); give a ${RUNS_FILE} or a CSV file of points`,
		);
	}
}

function readRuns(file: string, text: string): RunLines {
	try {
		return readRunLines(text);
	} catch (error) {
		throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
	}
}
