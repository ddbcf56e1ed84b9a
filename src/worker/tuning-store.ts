import type { TuningStore } from "../gpu/kept-tuning.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "./private-files.ts";

/** Folder in the origin private file system. */
export const TUNING_FOLDER = "isoflop-tuning";

const fileName = (adapter: string) => `${adapter.replaceAll(/[^\w.-]+/g, "-")}.json`;

/** Kernel measurements in the origin private file system. If the browser keeps no files, every session measures again. */
export const privateTunings: TuningStore = {
	async load(adapter) {
		const bytes = await readPrivateFile(TUNING_FOLDER, fileName(adapter));
		try {
			return bytes && JSON.parse(new TextDecoder().decode(bytes));
		} catch {
			return undefined;
		}
	},
	async save(tuning) {
		await writePrivateFile(TUNING_FOLDER, fileName(tuning.adapter), new TextEncoder().encode(JSON.stringify(tuning)));
	},
	remove: (adapter) => removePrivateFile(TUNING_FOLDER, fileName(adapter)),
};
