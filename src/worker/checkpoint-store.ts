import type { CheckpointStore } from "../run/store.ts";
import { readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-files.ts";

const FOLDER = "isoflop-checkpoints";
const fileName = (name: string) => `${name}.safetensors`;

/**
 * Checkpoints in the origin private file system; they are too large for IndexedDB. In a browser that keeps no files, an
 * interrupted run restarts from step 0.
 */
export const privateCheckpoints: CheckpointStore = {
	load: (name) => readPrivateFile(FOLDER, fileName(name)),
	save: (name, bytes) => replacePrivateFile(FOLDER, fileName(name), bytes),
	remove: (name) => removePrivateFile(FOLDER, fileName(name)),
};
