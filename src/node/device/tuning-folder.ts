import { mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { TuningStore } from "../../gpu/kept-tuning.ts";
import type { Tuning } from "../../gpu/tuning.ts";
import { writeWhole } from "../files/study-folder.ts";

/** The user's folder for what can be made again: XDG's on Linux, and what stands for it elsewhere. */
function userCache({ platform, env } = process): string {
	if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
	if (platform === "darwin") return join(homedir(), "Library", "Caches");
	return env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

/** Tunings as JSON files in the user's cache, one for each adapter. A folder that cannot be written to keeps none. */
export class TuningFolder implements TuningStore {
	constructor(readonly path = join(userCache(), "isoflop", "tuning")) {}

	async load(adapter: string): Promise<unknown> {
		try {
			return JSON.parse(await readFile(this.file(adapter), "utf8"));
		} catch {
			return undefined;
		}
	}

	async save(tuning: Tuning): Promise<void> {
		try {
			await mkdir(this.path, { recursive: true });
			await writeWhole(this.file(tuning.adapter), JSON.stringify(tuning, null, "\t"));
		} catch {
			// It is measured again next time.
		}
	}

	async remove(adapter: string): Promise<void> {
		await rm(this.file(adapter), { force: true });
	}

	private file(adapter: string): string {
		return join(this.path, `${adapter.replaceAll(/[^\w.-]+/g, "-")}.json`);
	}
}
