import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointStore } from "../../run/store.ts";
import { writeWhole } from "./study-folder.ts";

/** Checkpoints as safetensors files of a folder, which is there only while it holds some. */
export class CheckpointFolder implements CheckpointStore {
	constructor(private readonly path: string) {}

	async load(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
		try {
			return new Uint8Array(await readFile(this.file(name)));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			throw error;
		}
	}

	async save(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		await mkdir(this.path, { recursive: true });
		await writeWhole(this.file(name), bytes);
	}

	async remove(name: string): Promise<void> {
		await rm(this.file(name), { force: true });
	}

	/** Removes the folder, with what a kill may have left in it: the study is done. */
	async clear(): Promise<void> {
		await rm(this.path, { recursive: true, force: true });
	}

	private file(name: string): string {
		return join(this.path, `${name}.safetensors`);
	}
}
