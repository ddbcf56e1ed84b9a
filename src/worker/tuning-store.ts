import { isTuningOf, type TuningStore, tuningFile } from "../gpu/kept-tuning.ts";
import { listPrivateFiles, readPrivateFile, removePrivateFile, writePrivateFile } from "./private-files.ts";

/** Folder in the origin private file system. */
export const TUNING_FOLDER = "isoflop-tuning";

/** Kernel measurements in the origin private file system. If the browser keeps no files, every session measures again. */
export const privateTunings: TuningStore = {
	async load(adapter) {
		const bytes = await readPrivateFile(TUNING_FOLDER, tuningFile(adapter));
		try {
			return bytes && JSON.parse(new TextDecoder().decode(bytes));
		} catch {
			return undefined;
		}
	},
	async save(tuning) {
		await writePrivateFile(TUNING_FOLDER, tuningFile(tuning.adapter), new TextEncoder().encode(JSON.stringify(tuning)));
	},
	async remove(adapter) {
		const files = (await listPrivateFiles(TUNING_FOLDER)).filter((file) => isTuningOf(file, adapter));
		for (const file of files) await removePrivateFile(TUNING_FOLDER, file);
	},
};
