import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointStore } from "../../run/store.ts";
import { makeFolder } from "./disk-error.ts";
import { writeAtomically } from "./write-atomically.ts";

/** Checkpoints as safetensors files. The folder exists only while it holds some. */
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
		await makeFolder(this.path);
		await writeAtomically(this.file(name), bytes);
	}

	async remove(name: string): Promise<void> {
		await rm(this.file(name), { force: true });
	}

	/** Deletes the folder, with anything a killed process left in it. */
	async clear(): Promise<void> {
		await rm(this.path, { recursive: true, force: true });
	}

	private file(name: string): string {
		return join(this.path, `${name}.safetensors`);
	}
}
