import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DecodedText } from "../../data/decode-text.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import { readRunLines, runLine } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { runId } from "../../run/run-spec.ts";
import type { RunStore } from "../../run/store.ts";
import { parseStudy } from "../../study/parse-study.ts";
import type { Study } from "../../study/study.ts";
import { asciiKeys } from "../printing/ascii-keys.ts";
import { diskError, makeFolder } from "./disk-error.ts";
import { textOf } from "./read-text.ts";
import { writeAtomically } from "./write-atomically.ts";

export const STUDY_FILE = "study.json";
export const RUNS_FILE = "runs.jsonl";
export const FITS_FILE = "fits.json";
export const WEIGHTS_FOLDER = "weights";
export const CHECKPOINTS_FOLDER = "checkpoints";

/**
 * The folder of one study: study.json, runs.jsonl with a line for each finished run, and fits.json. A run counts as
 * finished only once its line is on disk. If a killed process left an incomplete last line, it is dropped and that run
 * trains again.
 */
export class StudyFolder implements RunStore {
	readonly path: string;
	/** Whether opening the folder dropped an incomplete line. */
	readonly repaired: boolean;
	private readonly results: Map<string, RunResult>;

	private constructor(path: string, results: RunResult[], repaired: boolean) {
		this.path = path;
		this.repaired = repaired;
		this.results = new Map(results.map((result) => [result.id, result]));
	}

	/**
	 * Checks that a folder is empty or belongs to the study. Writes nothing.
	 *
	 * @param ids ids of the planned runs
	 * @returns the results that it holds
	 * @throws Error when it holds another study, or runs that are not planned
	 */
	static async check(path: string, study: Study, ids: readonly string[]): Promise<RunResult[]> {
		const studyPath = join(path, STUDY_FILE);
		const text = await readIfExists(studyPath);
		if (text !== null) {
			const existing = within(studyPath, () => parseStudy(text));
			if (canonicalJson(existing) !== canonicalJson(study))
				throw new Error(
					`${path} holds another study, "${existing.name}" (${STUDY_FILE} differs); give another folder with --out`,
				);
		}
		const runsPath = join(path, RUNS_FILE);
		const lines = await readIfExists(runsPath);
		if (lines === null) return [];
		if (text === null)
			throw new Error(
				`${path} has a ${RUNS_FILE} but no ${STUDY_FILE}, so its study is unknown; give another folder with --out`,
			);
		const planned = new Set(ids);
		const { results } = within(runsPath, () => readRunLines(lines));
		for (const result of results) {
			if (!planned.has(result.id))
				throw new Error(
					`${runsPath} has a run ${result.id} that this study does not plan (has its corpus changed?); ` +
						"give another folder with --out",
				);
			if ((await runId(result.spec)) !== result.id)
				throw new Error(`${runsPath}: the run ${result.id} does not match its spec; remove its line to train it again`);
		}
		return results;
	}

	/** Opens a study's folder, creating it if needed. Call `check` first. */
	static async open(path: string, study: Study): Promise<StudyFolder> {
		await makeFolder(path);
		const studyPath = join(path, STUDY_FILE);
		if ((await readIfExists(studyPath)) === null)
			await writeAtomically(studyPath, `${JSON.stringify(study, null, "\t")}\n`);
		const runsPath = join(path, RUNS_FILE);
		const { text, plain } = (await decodeIfExists(runsPath)) ?? { text: "", plain: true };
		const { results, whole, torn } = readRunLines(text);
		// Lines are appended in UTF-8, so a file that an editor has saved otherwise becomes UTF-8 first.
		if (torn || !plain) await writeAtomically(runsPath, text.slice(0, whole));
		return new StudyFolder(path, results, torn);
	}

	async load(ids: readonly string[]): Promise<RunResult[]> {
		return ids.flatMap((id) => this.results.get(id) ?? []);
	}

	async save(result: RunResult): Promise<void> {
		const path = join(this.path, RUNS_FILE);
		await append(path, runLine(result)).catch((error) => {
			throw diskError(path, "written", error);
		});
		this.results.set(result.id, result);
	}

	/** Sorts the lines in plan order, so that interruptions do not change the final file. */
	async sort(ids: readonly string[]): Promise<RunResult[]> {
		const sorted = await this.load(ids);
		await writeAtomically(join(this.path, RUNS_FILE), sorted.map(runLine).join(""));
		return sorted;
	}

	async writeFits(fits: unknown): Promise<void> {
		await writeAtomically(join(this.path, FITS_FILE), `${JSON.stringify(asciiKeys(fits), null, "\t")}\n`);
	}
}

async function append(path: string, line: string): Promise<void> {
	const file = await open(path, "a");
	try {
		await file.writeFile(line);
		await file.datasync();
	} finally {
		await file.close();
	}
}

function within<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
	}
}

async function readIfExists(path: string): Promise<string | null> {
	return (await decodeIfExists(path))?.text ?? null;
}

async function decodeIfExists(path: string): Promise<DecodedText | null> {
	try {
		return textOf(path, await readFile(path));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}
