import { listPrivateFiles, readPrivateFile, removePrivateFile, replacePrivateFile } from "./private-files.ts";

/** Folder in the origin private file system. */
const FOLDER = "isoflop-weights";
/** Is there while weights are to be kept. */
const WANTED = "wanted";

const fileName = (id: string) => `${id}.safetensors`;

/** Whether the reader wants the weights of runs to be kept when they finish. */
export async function weightsAreWanted(): Promise<boolean> {
	return (await listPrivateFiles(FOLDER)).includes(WANTED);
}

export async function wantWeights(isWanted: boolean): Promise<void> {
	if (isWanted) await replacePrivateFile(FOLDER, WANTED, new Uint8Array([1]));
	else await removePrivateFile(FOLDER, WANTED);
}

/** Keeps the bytes of a run's model. Returns how many there are now: 0 where the browser keeps no files, or is full. */
export async function keepModel(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
	await replacePrivateFile(FOLDER, fileName(id), bytes);
	const kept = await readPrivateFile(FOLDER, fileName(id));
	return kept?.length === bytes.length ? bytes.length : 0;
}

export const readModel = (id: string) => readPrivateFile(FOLDER, fileName(id));

export const removeModel = (id: string) => removePrivateFile(FOLDER, fileName(id));
