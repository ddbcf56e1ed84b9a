import { mkdir, open, readFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../../run/canonical-json.ts";
import { readRunLines, runLine } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { runId } from "../../run/run-spec.ts";
import type { RunStore } from "../../run/store.ts";
import { parseStudy } from "../../study/parse-study.ts";
import type { Study } from "../../study/study.ts";

export const STUDY_FILE = "study.json";
export const RUNS_FILE = "runs.jsonl";
export const FITS_FILE = "fits.json";
export const WEIGHTS_FOLDER = "weights";
export const CHECKPOINTS_FOLDER = "checkpoints";

/**
 * A folder with one study: study.json, runs.jsonl with a line for each finished run, and fits.json. A line is on disk
 * before its run counts as finished; a last line that a kill cut short is dropped, and that run trained again.
 */
export class StudyFolder implements RunStore {
	readonly path: string;
	/** Whether opening dropped a line that was cut short. */
	readonly repaired: boolean;
	private readonly results: Map<string, RunResult>;

	private constructor(path: string, results: RunResult[], repaired: boolean) {
		this.path = path;
		this.repaired = repaired;
		this.results = new Map(results.map((result) => [result.id, result]));
	}

	/**
	 * Checks that a folder is free for a study, or holds it already. Writes nothing.
	 *
	 * @param ids of the runs that the study plans
	 * @throws Error when it holds another study, or runs that this one does not plan
	 */
	static async check(path: string, study: Study, ids: readonly string[]): Promise<void> {
		const studyPath = join(path, STUDY_FILE);
		const text = await readIfThere(studyPath);
		if (text !== null) {
			const existing = readable(studyPath, () => parseStudy(text));
			if (canonicalJson(existing) !== canonicalJson(study))
				throw new Error(
					`${path} holds another study, "${existing.name}" (${STUDY_FILE} differs); give another folder with --out`,
				);
		}
		const runsPath = join(path, RUNS_FILE);
		const lines = await readIfThere(runsPath);
		if (lines === null) return;
		if (text === null)
			throw new Error(
				`${path} has a ${RUNS_FILE} but no ${STUDY_FILE} to tell its study; give another folder with --out`,
			);
		const planned = new Set(ids);
		for (const result of readable(runsPath, () => readRunLines(lines)).results) {
			if (!planned.has(result.id))
				throw new Error(
					`${runsPath} has the run ${result.id}, which this study does not plan (has the text of its corpus changed?); ` +
						"give another folder with --out",
				);
			if ((await runId(result.spec)) !== result.id)
				throw new Error(`${runsPath}: the run ${result.id} does not match its spec; remove its line to train it again`);
		}
	}

	/** Opens a folder for a study, after `check`; makes it where it is missing. */
	static async open(path: string, study: Study): Promise<StudyFolder> {
		await mkdir(path, { recursive: true });
		const studyPath = join(path, STUDY_FILE);
		if ((await readIfThere(studyPath)) === null) await writeWhole(studyPath, `${JSON.stringify(study, null, "\t")}\n`);
		const runsPath = join(path, RUNS_FILE);
		const text = (await readIfThere(runsPath)) ?? "";
		const { results, whole, torn } = readRunLines(text);
		if (torn) await truncate(runsPath, Buffer.byteLength(text.slice(0, whole)));
		return new StudyFolder(path, results, torn);
	}

	async load(ids: readonly string[]): Promise<RunResult[]> {
		return ids.flatMap((id) => this.results.get(id) ?? []);
	}

	async save(result: RunResult): Promise<void> {
		const file = await open(join(this.path, RUNS_FILE), "a");
		try {
			await file.writeFile(runLine(result));
			await file.datasync();
		} finally {
			await file.close();
		}
		this.results.set(result.id, result);
	}

	/** Puts the lines into the order of the plan, so that equal studies leave equal files however often interrupted. */
	async sort(ids: readonly string[]): Promise<RunResult[]> {
		const sorted = await this.load(ids);
		await writeWhole(join(this.path, RUNS_FILE), sorted.map(runLine).join(""));
		return sorted;
	}

	async writeFits(fits: unknown): Promise<void> {
		await writeWhole(join(this.path, FITS_FILE), `${JSON.stringify(fits, null, "\t")}\n`);
	}
}

function readable<T>(path: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
	}
}

async function readIfThere(path: string): Promise<string | null> {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}

/** Writes a file so that a kill leaves the old one or the new one, never a part. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.tmp`;
	await writeFile(temporary, content, { flush: true });
	await rename(temporary, path);
}
