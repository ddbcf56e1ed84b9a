import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isTuningOf, type TuningStore, tuningFile } from "../../gpu/kept-tuning.ts";
import type { Tuning } from "../../gpu/tuning.ts";
import { writeAtomically } from "../files/write-atomically.ts";

/** The user's cache folder: XDG's on Linux, its equivalent elsewhere. */
function userCache({ platform, env } = process): string {
	if (platform === "win32") return env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
	if (platform === "darwin") return join(homedir(), "Library", "Caches");
	return env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

/** Kernel measurements as JSON files in the user's cache folder, one per adapter. Write errors are ignored. */
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
			await writeAtomically(this.file(tuning.adapter), JSON.stringify(tuning, null, "\t"));
		} catch {
			// The next run measures again.
		}
	}

	async remove(adapter: string): Promise<void> {
		const files = (await readdir(this.path).catch(() => [])).filter((file) => isTuningOf(file, adapter));
		for (const file of files) await rm(join(this.path, file), { force: true });
	}

	private file(adapter: string): string {
		return join(this.path, tuningFile(adapter));
	}
}
