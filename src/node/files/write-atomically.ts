import { rename, writeFile } from "node:fs/promises";

/** Writes a file atomically: a killed process leaves the old or the new file. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
	const temporary = `${path}.tmp`;
	await writeFile(temporary, content, { flush: true });
	await rename(temporary, path);
}
