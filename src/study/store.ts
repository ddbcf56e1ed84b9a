import type { RunResult } from "./run-result.ts";

/** Where finished runs are kept, by the hash of their spec: IndexedDB in the page, files on the command line. */
export interface RunStore {
	/** Those of the runs that are finished, in any order. */
	load(ids: readonly string[]): Promise<RunResult[]>;
	/** Resolves when the result is durable. */
	save(result: RunResult): Promise<void>;
}
