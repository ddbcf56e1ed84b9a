import type { RunResult } from "./run-result.ts";

/** Where checkpoints are kept, by name: 16 hexadecimal digits, or these, a dash and a number. */
export interface CheckpointStore {
	load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** Resolves when the bytes are durable. They replace what the name had before, whole or not at all. */
	save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	/** A name that is not there is removed already. */
	remove(name: string): Promise<void>;
}

/** Where finished runs are kept, by the hash of their spec: IndexedDB in the page, files on the command line. */
export interface RunStore {
	/** Those of the runs that are finished, in any order. */
	load(ids: readonly string[]): Promise<RunResult[]>;
	/** Resolves when the result is durable. */
	save(result: RunResult): Promise<void>;
}
