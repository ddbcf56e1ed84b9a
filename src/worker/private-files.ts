/**
 * Files in the origin's private file system, for a dedicated worker. They are a convenience: where the browser gives
 * none (some private windows) or has no room, reading finds nothing and writing does nothing. A write can be cut short
 * by closing the tab, so whoever reads checks what it gets.
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
		// No room, no private files, or another tab is writing the same: see above.
	}
}

/** Writes a file so that closing the tab leaves the old one or the new one; as above nothing where that cannot be done. */
export async function replacePrivateFile(
	folder: string,
	name: string,
	content: Uint8Array<ArrayBuffer>,
): Promise<void> {
	try {
		const handle = await (await openFolder(folder)).getFileHandle(name, { create: true });
		// Goes to a copy that takes the file's place when it is closed.
		const stream = await handle.createWritable();
		await stream.write(content);
		await stream.close();
	} catch {
		// As in writePrivateFile; browsers without streams to files write nothing.
	}
}

/** Removes a file, if it is there. */
export async function removePrivateFile(folder: string, name: string): Promise<void> {
	try {
		await (await openFolder(folder)).removeEntry(name);
	} catch {
		// It is not there.
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

async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
	const root = await navigator.storage.getDirectory();
	return root.getDirectoryHandle(name, { create: true });
}
