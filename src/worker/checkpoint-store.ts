import type { CheckpointStore } from "../run/store.ts";
import { readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-files.ts";

const FOLDER = "isoflop-checkpoints";
const fileName = (name: string) => `${name}.safetensors`;

/**
 * Checkpoints in the origin's private file system, for which they are not too large, as they are for IndexedDB. Where
 * the browser keeps no files, a run that is interrupted trains again from its start.
 */
export const privateCheckpoints: CheckpointStore = {
	load: (name) => readPrivateFile(FOLDER, fileName(name)),
	save: (name, bytes) => replacePrivateFile(FOLDER, fileName(name), bytes),
	remove: (name) => removePrivateFile(FOLDER, fileName(name)),
};
