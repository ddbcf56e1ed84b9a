import type { CheckpointStore } from "../run/store.ts";
import { readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-files.ts";

/** Folder in the origin private file system. */
export const CHECKPOINTS = "isoflop-checkpoints";

export const checkpointFile = (name: string) => `${name}.safetensors`;

/**
 * Checkpoints in the origin private file system; they are too large for IndexedDB. In a browser that keeps no files, an
 * interrupted run restarts from step 0.
 */
export const privateCheckpoints: CheckpointStore = {
	load: (name) => readPrivateFile(CHECKPOINTS, checkpointFile(name)),
	save: (name, bytes) => replacePrivateFile(CHECKPOINTS, checkpointFile(name), bytes),
	remove: (name) => removePrivateFile(CHECKPOINTS, checkpointFile(name)),
};
