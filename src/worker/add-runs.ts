import { readRunLines } from "../run/run-lines.ts";
import { runId } from "../run/run-spec.ts";
import type { RunStore } from "../run/store.ts";

/**
 * Stores the runs of a runs.jsonl, as the command line writes it, so that the page shows them and does not train them
 * again. Returns how many.
 *
 * @throws Error when a line is no run, or a run's id is not the hash of its spec; nothing is stored then
 */
export async function addRuns(store: RunStore, text: string): Promise<number> {
	const { results } = readRunLines(text);
	if (results.length === 0) throw new Error("runs: the file holds no finished run");
	for (const { id, spec } of results) {
		const hash = await runId(spec);
		if (hash !== id) throw new Error(`runs: run ${id} has a spec with the hash ${hash}; the two must be equal`);
	}
	for (const result of results) await store.save(result);
	return results.length;
}
