import type { CorpusInfo } from "../data/corpus.ts";
import { corpusSource } from "../data/corpus-source.ts";
import { corpusHash, packDocuments } from "../data/corpus-text.mjs";
import { describeCorpus, textCorpus } from "../data/text-corpus.ts";
import { listPrivateFiles, readPrivateFile, writePrivateFile } from "./private-files.ts";

/** Folders of the origin private file system. */
const TOKENS = "isoflop-tokens";
const TEXTS = "isoflop-texts";

/** The user's texts of this session, available even if the browser keeps no files. */
const added = new Map<string, { info: CorpusInfo; packed: Uint8Array<ArrayBuffer> }>();

/**
 * Corpora for the page: the built-in ones, served from corpora/, and the user's texts. Tokens and texts are kept in the
 * origin private file system. For a dedicated worker.
 */
export const { corpusInfo, loadTokenized } = corpusSource({
	async list() {
		const index: CorpusInfo[] = await (await fetchCorpusFile("index.json")).json().catch(() => {
			throw new Error("corpora/index.json is missing on this server; npm start creates it");
		});
		const builtIn = index.map(({ id, title, hash, trainBytes, bytes }) => ({ id, title, hash, trainBytes, bytes }));
		const own = new Map((await keptTexts()).map((info) => [info.id, info]));
		for (const [id, { info }] of added) own.set(id, info);
		return [...builtIn, ...own.values()];
	},
	async read({ id }, signal) {
		if (!id.startsWith("file:")) {
			const response = await fetchCorpusFile(`${id}.txt`, signal);
			return new Uint8Array(await response.arrayBuffer());
		}
		const packed = added.get(id)?.packed ?? (await readPrivateFile(TEXTS, `${await fileKey(id)}.txt`));
		if (!packed) throw new Error(`corpus "${id}": the browser no longer has its text; add the file again`);
		return packed;
	},
	readCache: (name) => readPrivateFile(TOKENS, name),
	writeCache: (name, file) => writePrivateFile(TOKENS, name, file),
});

/**
 * Makes a text a corpus `file:<name>`. Replaces an earlier corpus of that name, and survives a reload.
 *
 * @param note how the file was read, for the plan of a study that names it
 * @throws Error like `textCorpus`
 */
export async function addTextFile(name: string, text: string, note: string | null = null): Promise<CorpusInfo> {
	const corpus = await textCorpus(name, text);
	const info = describeCorpus(corpus, note);
	const packed = packDocuments(corpus);
	added.set(info.id, { info, packed });
	const key = await fileKey(info.id);
	await writePrivateFile(TEXTS, `${key}.txt`, packed);
	await writePrivateFile(TEXTS, `${key}.json`, new TextEncoder().encode(JSON.stringify(info)));
	return info;
}

/** Id of a corpus as a file name: ids may have any characters and length, so their hash is used. */
async function fileKey(id: string): Promise<string> {
	return corpusHash(new TextEncoder().encode(id));
}

async function keptTexts(): Promise<CorpusInfo[]> {
	const names = (await listPrivateFiles(TEXTS)).filter((name) => name.endsWith(".json"));
	const infos: CorpusInfo[] = [];
	for (const name of names.sort()) {
		const file = await readPrivateFile(TEXTS, name);
		try {
			infos.push(JSON.parse(new TextDecoder().decode(file)));
		} catch {
			// Truncated because the tab was closed while writing: the user has to add the text again.
		}
	}
	return infos;
}

async function fetchCorpusFile(name: string, signal?: AbortSignal): Promise<Response> {
	const url = new URL(`corpora/${name}`, pageBase());
	const response = await fetch(url, { signal });
	if (!response.ok) throw new Error(`corpora/${name}: the server answered ${response.status} ${response.statusText}`);
	return response;
}

/** The page's address, derived from the worker's: a relative build has the worker one folder down, in assets/. */
function pageBase(): URL {
	const base = import.meta.env.BASE_URL;
	return base.startsWith("/") ? new URL(base, self.location.origin) : new URL("../", self.location.href);
}
