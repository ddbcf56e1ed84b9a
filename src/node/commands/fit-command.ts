import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fitStudy } from "../../analysis/fit-study.ts";
import { fitsCsv } from "../../analysis/reports/csv.ts";
import { readingsCsv } from "../../analysis/reports/readings-csv.ts";
import { FIGURES_OF_POINTS } from "../../experiments/figures/figures-of-points.ts";
import { frontierFigure } from "../../experiments/figures/frontier-figure.ts";
import { ratesFigure } from "../../experiments/figures/rates-figure.ts";
import { holdsRuns, type RunLines, readRunLines } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { type Note, readInput, readText } from "../files/read-text.ts";
import { RUNS_FILE } from "../files/study-folder.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { asciiKeys } from "../printing/ascii-keys.ts";
import { fitTable } from "../printing/fit-table.ts";
import { pointsTable } from "../printing/points-table.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { folderNames, writeFigures } from "./fit-figures.ts";
import { type FitArguments, fitSettings } from "./fit-options.ts";
import { type FittedPoints, type GivenFile, pointsReport, runsReport } from "./fit-report.ts";

/** Options that are only for files of points. */
const OF_POINTS = ["where", "dropHighest", "map", "units", "lossColumn"] as const;

/**
 * `isoflop fit`: the coefficients of finished runs, from a runs.jsonl or a folder with one, or of any measurements, from
 * tables of points. Any may be compressed by gzip; "-" is the standard input.
 */
export async function fitCommand(terminal: Terminal, paths: readonly string[], given: FitArguments): Promise<number> {
	const settings = fitSettings(given);
	const files: GivenFile[] = [];
	for (const path of paths) files.push(await fileOf(path, terminal.say));
	const ofRuns = files.filter(({ name, text }) => holdsRuns(name, text));
	if (ofRuns.length === 0) {
		if (given.rates !== undefined)
			throw new UsageError("--rates is for runs; of a file of points the best recipe counts at each compute");
		return await report(terminal, pointsReport(files, settings), given);
	}
	if (ofRuns.length < files.length)
		throw new UsageError("fit: some of the files hold runs and others points; give files of one kind");
	const wrong = OF_POINTS.find((name) => given[name] !== undefined);
	if (wrong) throw new UsageError("--where, --drop-highest, --map, --units and --loss-column are for files of points");
	const name = files.map((file) => file.name).join(", ");
	const results = files.flatMap((file) => resultsOf(terminal, file));
	if (results.length === 0) throw new Error(`${name} has no runs; isoflop run makes some`);
	if (settings.wantsPoints) return await report(terminal, runsReport(name, results, settings), given);
	const { resamples, seed, interval, rates } = settings;
	const fits = fitStudy(results, { resamples, seed, interval, rates });
	if (given.plot !== undefined)
		await writeFigures(given.plot, [{ folder: "", figures: [frontierFigure(fits), ratesFigure(fits.chosen)] }]);
	if (given.csv !== undefined) await writeAtomically(given.csv, fitsCsv(fits));
	if (given.json) terminal.json(asciiKeys(fits));
	else for (const line of fitTable(fits)) terminal.print(line);
	return 0;
}

async function report(terminal: Terminal, { report, read }: FittedPoints, given: FitArguments): Promise<number> {
	if (given.plot !== undefined) {
		const folders = folderNames(read.map(({ name }) => name));
		const figures = read.map((experiment) => FIGURES_OF_POINTS.map(({ figure }) => figure(experiment)));
		await writeFigures(
			given.plot,
			folders.map((folder, i) => ({ folder, figures: figures[i]! })),
		);
	}
	if (given.csv !== undefined) await writeAtomically(given.csv, readingsCsv(read));
	if (given.json) terminal.json(asciiKeys(report));
	else for (const line of pointsTable(report)) terminal.print(line);
	return 0;
}

function resultsOf(terminal: Terminal, { name, text }: GivenFile): RunResult[] {
	const { results, torn } = readRuns(name, text);
	if (torn) terminal.say(`${name} ends in an incomplete line, which is skipped`);
	return results;
}

async function fileOf(path: string, note: Note): Promise<GivenFile> {
	if (path === "-") return { name: "standard input", text: await readInput(note) };
	let name = path;
	try {
		if ((await stat(path)).isDirectory()) name = join(path, RUNS_FILE);
	} catch {
		throw new UsageError(
			`fit: there is no file or folder "${path}"; give a ${RUNS_FILE}, a folder with one, or a table of points`,
		);
	}
	return { name, text: await textOf(name, note) };
}

async function textOf(file: string, note: Note): Promise<string> {
	try {
		return await readText(file, note);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw new Error(`${file} cannot be read (${code}); give a ${RUNS_FILE} or a table of points`);
	}
}

function readRuns(file: string, text: string): RunLines {
	try {
		return readRunLines(text);
	} catch (error) {
		throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
	}
}
