import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readRunLines } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { UsageError } from "../printing/terminal.ts";
import { readModelFolder } from "./model-folder.ts";
import { RUNS_FILE, WEIGHTS_FOLDER } from "./study-folder.ts";
import { readWeightsFile, type TrainedModel } from "./weights-file.ts";

/**
 * The model that a command's argument means: a Hugging Face folder, a weights file, or a study's folder with the weights
 * of its runs, of which the one with the lowest validation loss is taken unless `run` begins another's id.
 *
 * @throws UsageError when it means none; Error when what it means cannot be read
 */
export async function findModel(path: string, run?: string): Promise<TrainedModel> {
	const found = await stat(path).catch(() => null);
	if (!found)
		throw new UsageError(
			`there is no file or folder "${path}"; give a study's folder, a model's folder or a weights file`,
		);
	if (!found.isDirectory()) return readWeightsFile(path);
	const lines = await readFile(join(path, RUNS_FILE), "utf8").catch(() => null);
	if (lines === null) return readModelFolder(path);
	const results = readRunLines(lines).results.filter((result) => result.validationLoss !== null);
	const { id } = choose(path, results, run);
	return readWeightsFile(weightsPath(path, id)).catch((error) => {
		if (error.code !== "ENOENT") throw error;
		throw new UsageError(
			`${path} has no weights of run ${id} (${join(WEIGHTS_FOLDER, `${id}.safetensors`)}); they are kept by isoflop run ` +
				"unless it is told --no-weights",
		);
	});
}

/** Where a study's folder keeps the weights of a run. */
export function weightsPath(path: string, id: string): string {
	return join(path, WEIGHTS_FOLDER, `${id}.safetensors`);
}

function choose(path: string, results: RunResult[], run: string | undefined): RunResult {
	const matching = run === undefined ? results : results.filter(({ id }) => id.startsWith(run));
	if (results.length === 0) throw new UsageError(`${path} has no finished run; isoflop run makes some`);
	if (run !== undefined && matching.length !== 1)
		throw new UsageError(
			`--run is "${run}"; it must begin the id of one finished run of ${path}, and begins ${matching.length}`,
		);
	return matching.reduce((best, result) => (result.validationLoss! < best.validationLoss! ? result : best));
}
