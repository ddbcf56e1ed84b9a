import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readRunLines } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { UsageError } from "../printing/terminal.ts";
import { type Note, readText } from "./read-text.ts";
import { RUNS_FILE, STUDY_FILE } from "./study-folder.ts";

/** The finished runs of a study folder or of a runs.jsonl. */
export interface StoredRuns {
	/** The file that was read. */
	file: string;
	results: RunResult[];
	/** The study.json beside the runs; it need not exist. */
	studyFile: string;
}

/**
 * Reads the runs of a study folder or of a runs.jsonl.
 *
 * @param note hears how the file was read, where that is worth a word
 * @throws UsageError if there is no such file or folder, Error if it cannot be read or holds no runs
 */
export async function readRuns(path: string, note?: Note): Promise<StoredRuns> {
	let file = path;
	try {
		if ((await stat(path)).isDirectory()) file = join(path, RUNS_FILE);
	} catch {
		throw new UsageError(`there is no file or folder "${path}"; give a study folder or a ${RUNS_FILE}`);
	}
	const { results } = await readLines(file, note);
	if (results.length === 0) throw new Error(`${file} has no runs; isoflop run makes some`);
	return { file, results, studyFile: join(dirname(file), STUDY_FILE) };
}

async function readLines(file: string, note?: Note) {
	const text = await readText(file, note).catch((error: NodeJS.ErrnoException) => {
		throw error.code === undefined ? error : new Error(`${file} cannot be read (${error.code})`, { cause: error });
	});
	try {
		return readRunLines(text);
	} catch (error) {
		throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
	}
}
