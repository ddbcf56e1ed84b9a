import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fitStudy } from "../../analysis/fit-study.ts";
import { type RunLines, readRunLines } from "../../run/run-lines.ts";
import { readText } from "../files/read-text.ts";
import { RUNS_FILE } from "../files/study-folder.ts";
import { fitTable } from "../printing/fit-table.ts";
import { pointsTable } from "../printing/points-table.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { type FitArguments, fitSettings } from "./fit-options.ts";
import { type FitReport, pointsReport, runsReport } from "./fit-report.ts";

/**
 * `isoflop fit`: the coefficients of finished runs, from a runs.jsonl or a folder with one, or of any measurements, from
 * a CSV file of points. Either may be compressed by gzip.
 */
export async function fitCommand(terminal: Terminal, path: string, given: FitArguments): Promise<number> {
	const settings = fitSettings(given);
	const file = await fileOf(path);
	const text = await textOf(file);
	const isRuns = /\.jsonl(\.gz)?$/.test(file) || text.trimStart().startsWith("{");
	if (!isRuns && given.rates !== undefined)
		throw new UsageError("--rates is for runs; of a file of points the best recipe counts at each compute");
	if (!isRuns) return report(terminal, pointsReport(file, text, settings), given);
	const { results, torn } = readRuns(file, text);
	if (torn) terminal.say(`${file} ends in an incomplete line, which is skipped`);
	if (results.length === 0) throw new Error(`${file} has no runs; isoflop run makes some`);
	if (given.where !== undefined || given.dropHighest !== undefined)
		throw new UsageError("--where and --drop-highest are for files of points");
	if (settings.wantsPoints) return report(terminal, runsReport(file, results, settings), given);
	const { resamples, seed, interval, rates } = settings;
	const fits = fitStudy(results, { resamples, seed, interval, rates });
	if (given.json) terminal.json(fits);
	else for (const line of fitTable(fits)) terminal.print(line);
	return 0;
}

function report(terminal: Terminal, document: FitReport, { json }: FitArguments): number {
	if (json) terminal.json(document);
	else for (const line of pointsTable(document)) terminal.print(line);
	return 0;
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

async function textOf(file: string): Promise<string> {
	try {
		return await readText(file);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw new Error(`${file} cannot be read (${code}); give a ${RUNS_FILE} or a CSV file of points`);
	}
}

function readRuns(file: string, text: string): RunLines {
	try {
		return readRunLines(text);
	} catch (error) {
		throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
	}
}
