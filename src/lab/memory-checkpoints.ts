import type { CheckpointStore } from "../run/store.ts";

/** Checkpoints that last as long as the process: for studies that need some to go on, but need not survive it. */
export function memoryCheckpoints(): CheckpointStore {
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	return {
		load: async (name) => files.get(name),
		save: async (name, bytes) => void files.set(name, bytes),
		remove: async (name) => void files.delete(name),
	};
}
