import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { diskError } from "./disk-error.ts";

/**
 * Writes a file atomically: a killed process leaves the old or the new file, and of two writers the last one wins.
 *
 * @throws Error naming the file and why it cannot be written
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.${randomUUID()}.tmp`;
	try {
		await writeFile(temporary, content, { flush: true });
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {});
		throw diskError(path, "written", error);
	}
}
