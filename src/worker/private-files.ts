import { Patience } from "./answered.ts";

/**
 * Files in the origin private file system, for a dedicated worker. Best effort: where the file system is unavailable (some
 * private windows) or full, reads find nothing and writes do nothing. Closing the tab can truncate a write, so readers
 * must validate what they get.
 */
export async function readPrivateFile(folder: string, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
	try {
		const handle = await (await openFolder(folder)).getFileHandle(name);
		return new Uint8Array(await (await handle.getFile()).arrayBuffer());
	} catch {
		return undefined;
	}
}

export async function writePrivateFile(folder: string, name: string, content: Uint8Array<ArrayBuffer>): Promise<void> {
	try {
		const handle = await (await openFolder(folder)).getFileHandle(name, { create: true });
		const access = await handle.createSyncAccessHandle();
		try {
			access.truncate(0);
			access.write(content, { at: 0 });
			access.flush();
		} finally {
			access.close();
		}
	} catch {
		// The file system is full or unavailable, or another tab is writing the same file.
	}
}

/** Replaces a file atomically: closing the tab leaves the old or the new one. Does nothing where that is unsupported. */
export async function replacePrivateFile(
	folder: string,
	name: string,
	content: Uint8Array<ArrayBuffer>,
): Promise<void> {
	try {
		const handle = await (await openFolder(folder)).getFileHandle(name, { create: true });
		// Writes to a copy that replaces the file when the stream is closed.
		const stream = await handle.createWritable();
		await stream.write(content);
		await stream.close();
	} catch {
		// As in writePrivateFile, or the browser cannot write files as streams.
	}
}

/** Removes a file if it exists. */
export async function removePrivateFile(folder: string, name: string): Promise<void> {
	try {
		await (await openFolder(folder)).removeEntry(name);
	} catch {
		// It does not exist.
	}
}

export async function listPrivateFiles(folder: string): Promise<string[]> {
	try {
		const names: string[] = [];
		for await (const name of (await openFolder(folder)).keys()) names.push(name);
		return names;
	} catch {
		return [];
	}
}

/** Browsers that refuse storage may say so, or never answer. */
const patience = new Patience("the browser's file system", 5000);

async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
	const root = await patience.wait(navigator.storage.getDirectory());
	return root.getDirectoryHandle(name, { create: true });
}
