import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { TrainedModel } from "../../model/trained-model.ts";
import { readRunLines } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import { UsageError } from "../printing/terminal.ts";
import { readModelFolder } from "./model-folder.ts";
import { type Note, readText } from "./read-text.ts";
import { RUNS_FILE, WEIGHTS_FOLDER } from "./study-folder.ts";
import { readWeightsFile } from "./weights-file.ts";

/**
 * The model at a path: a Hugging Face folder, a weights file, or a study folder with the weights of its runs.
 *
 * @param run start of a run's id, for a study folder; by default the run with the lowest validation loss
 * @param note hears of weights that are converted
 * @throws UsageError when there is no such model; Error when it cannot be read
 */
export async function findModel(path: string, run?: string, note?: Note): Promise<TrainedModel> {
	const found = await stat(path).catch(() => null);
	if (!found) throw new UsageError(`"${path}" does not exist; give a study folder, a model folder or a weights file`);
	if (!found.isDirectory()) return readWeightsFile(path);
	const lines = await readText(join(path, RUNS_FILE), note).catch(() => null);
	if (lines === null) return readModelFolder(path, note);
	const results = readRunLines(lines).results.filter((result) => result.validationLoss !== null);
	const { id } = choose(path, results, run);
	return readWeightsFile(weightsPath(path, id)).catch((error) => {
		if (error.code !== "ENOENT") throw error;
		throw new UsageError(
			`${path} has no weights of run ${id} (${join(WEIGHTS_FOLDER, `${id}.safetensors`)}); isoflop run saves them ` +
				"unless --no-weights is given",
		);
	});
}

/** Path of a run's weights in a study folder. */
export function weightsPath(path: string, id: string): string {
	return join(path, WEIGHTS_FOLDER, `${id}.safetensors`);
}

function choose(path: string, results: RunResult[], run: string | undefined): RunResult {
	const matching = run === undefined ? results : results.filter(({ id }) => id.startsWith(run));
	if (results.length === 0) throw new UsageError(`${path} has no finished runs; train some with isoflop run`);
	if (run !== undefined && matching.length !== 1)
		throw new UsageError(
			`--run is "${run}"; it must be the start of exactly one finished run's id in ${path}, but matches ${matching.length}`,
		);
	return matching.reduce((best, result) => (result.validationLoss! < best.validationLoss! ? result : best));
}
