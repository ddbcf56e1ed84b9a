// What test/page/corpora.test.ts runs in the browser: the page's corpora, in a worker as there.
import * as Comlink from "comlink";
import { sha256 } from "../../src/run/canonical-json.ts";
import { addTextFile, corpusInfo, loadTokenized } from "../../src/worker/corpora.ts";

const worker = {
	addTextFile,
	corpusInfo,
	/** Loads tokens and tells what came: a hash of them, and the progress on the way. */
	async load(id: string, vocabulary: number) {
		const progress: [number, number][] = [];
		const { train, validation } = await loadTokenized(id, vocabulary, (done, total) => progress.push([done, total]));
		return { hash: await sha256(new Uint8Array([...bytes(train), ...bytes(validation)])), progress };
	},
	/** Changes one byte of every kept file that holds tokens, and tells how many there are. */
	async damageTokens() {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("isoflop-tokens");
		let files = 0;
		for await (const file of folder.values()) {
			const access = await (file as FileSystemFileHandle).createSyncAccessHandle();
			access.write(new Uint8Array([255]), { at: 500 });
			access.close();
			files++;
		}
		return files;
	},
};

function bytes({ buffer }: Uint16Array): Uint8Array {
	return new Uint8Array(buffer);
}

export type CorporaWorker = typeof worker;
Comlink.expose(worker);
