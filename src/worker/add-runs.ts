import { type RunLines, readRunLines } from "../run/run-lines.ts";
import type { RunResult } from "../run/run-result.ts";
import { runId } from "../run/run-spec.ts";
import type { NotedRunStore } from "./run-store.ts";

/**
 * Stores the finished runs of a runs.jsonl, as written by the command line, and returns what the file holds. The page then shows
 * them and does not train them again.
 *
 * @throws Error when a line is not a run, or an id is not the hash of the run's spec; nothing is stored in that case
 */
export async function addRuns(store: Pick<NotedRunStore, "load" | "saveAll">, text: string): Promise<RunLines> {
	const lines = readRunLines(text);
	const { results } = lines;
	if (results.length === 0) throw new Error("runs: the file has no finished runs");
	for (const { id, spec } of results) {
		const hash = await runId(spec);
		if (hash !== id) throw new Error(`runs: run ${id} has a spec whose hash is ${hash}; id and hash must be equal`);
	}
	const ended = new Set((await store.load(results.map(({ id }) => id))).filter(isWhole).map(({ id }) => id));
	await store.saveAll(results.filter((result) => isWhole(result) || !ended.has(result.id)));
	return lines;
}

/** Whether a run was not stopped on the way: a stopped one never replaces it. */
function isWhole({ status }: RunResult): boolean {
	return status !== "stopped";
}
