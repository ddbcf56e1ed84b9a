import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { analyseStudy } from "../analysis/index.ts";
import { type RunLines, readRunLines } from "../study/run-lines.ts";
import { fitTable } from "./fit-table.ts";
import { RUNS_FILE } from "./study-folder.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** `isoflop fit`: the coefficients of finished runs, from a runs.jsonl or a folder with one. */
export async function fitCommand(terminal: Terminal, path: string, options: { json?: boolean }): Promise<number> {
	const file = await runsFile(path);
	const { results, torn } = await readRuns(file);
	if (torn) terminal.say(`${file} ends in a line that was not written to its end; it is left out`);
	if (results.length === 0) throw new Error(`${file} has no runs; isoflop run makes some`);
	const fits = analyseStudy(results);
	if (options.json) terminal.json(fits);
	else for (const line of fitTable(fits)) terminal.print(line);
	return 0;
}

async function runsFile(path: string): Promise<string> {
	try {
		return (await stat(path)).isDirectory() ? join(path, RUNS_FILE) : path;
	} catch {
		throw new UsageError(`fit: there is no file or folder "${path}"; give a ${RUNS_FILE} or a folder with one`);
	}
}

async function readRuns(file: string): Promise<RunLines> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (error) {
		throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}); give a ${RUNS_FILE}`);
	}
	try {
		return readRunLines(text);
	} catch (error) {
		throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
	}
}
