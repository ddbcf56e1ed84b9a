import type { Moment } from "./events.ts";
import type { RunResult } from "./run-result.ts";

/** Where checkpoints are kept. Names are 16 hexadecimal digits, optionally followed by a dash and a number. */
export interface CheckpointStore {
	load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** Resolves when the bytes are durable. They replace earlier ones of that name completely or not at all. */
	save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	/** Removing an unknown name does nothing. */
	remove(name: string): Promise<void>;
}

/** The moments of runs whose checkpoints stay when no planned run needs them any more. */
export interface KeptMoments {
	list(): Promise<Moment[]>;
	add(moment: Moment): Promise<void>;
	remove(moment: Moment): Promise<void>;
}

/** Where finished runs are kept, by the hash of their spec: IndexedDB in the page, files on the command line. */
export interface RunStore {
	/** The results of those runs that have finished, in any order. */
	load(ids: readonly string[]): Promise<RunResult[]>;
	/** Resolves when the result is durable. */
	save(result: RunResult): Promise<void>;
}
