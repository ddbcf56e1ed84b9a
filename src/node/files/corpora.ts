import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CorpusInfo, CorpusSource } from "../../data/corpus.ts";
import { corpusSource } from "../../data/corpus-source.ts";
import { packDocuments } from "../../data/corpus-text.mjs";
import { describeCorpus, MAXIMUM_TEXT_BYTES, textCorpus } from "../../data/text-corpus.ts";
import { textOf } from "./read-text.ts";

export interface NodeCorporaOptions {
	/** Folder of the built-in corpora; by default public/corpora of this package. */
	folder?: string;
	/** Folder for cached tokens; by default node_modules/.cache/isoflop of this package. */
	cache?: string;
}

/** Corpora for the command line: the built-in ones, and any text file as `file:<path>`. */
export function openCorpora({
	folder = join(packageRoot(), "public", "corpora"),
	cache = join(packageRoot(), "node_modules", ".cache", "isoflop"),
}: NodeCorporaOptions = {}): CorpusSource {
	/** User files read so far, by id. */
	const files = new Map<string, { modified: number; info: CorpusInfo; packed: Uint8Array<ArrayBuffer> }>();

	async function readUserFile(id: string): Promise<void> {
		const path = id.slice("file:".length);
		const { mtimeMs: modified, size } = await readOrExplain(id, stat(path));
		if (files.get(id)?.modified === modified) return;
		if (size > MAXIMUM_TEXT_BYTES)
			throw new Error(
				`${path} has ${size} bytes; a corpus may have at most ${MAXIMUM_TEXT_BYTES}; split it into smaller files`,
			);
		const { text, note } = textOf(path, await readOrExplain(id, readFile(path)));
		const corpus = await textCorpus(path, text);
		files.set(id, { modified, info: describeCorpus(corpus, note), packed: packDocuments(corpus) });
	}

	async function readBuiltIn(name: string): Promise<Uint8Array<ArrayBuffer>> {
		try {
			return new Uint8Array(await readFile(join(folder, name)));
		} catch (error) {
			throw new Error(`the built-in corpora are missing (${folder}/${name}); to create them, run npm run corpora`, {
				cause: error,
			});
		}
	}

	return corpusSource({
		async list(wanted) {
			for (const id of wanted) if (id.startsWith("file:")) await readUserFile(id);
			const index: CorpusInfo[] = JSON.parse(new TextDecoder().decode(await readBuiltIn("index.json")));
			const builtIn = index.map(({ id, title, hash, trainBytes, bytes }) => ({ id, title, hash, trainBytes, bytes }));
			return [...builtIn, ...Array.from(files.values(), ({ info }) => info)];
		},
		async read({ id }) {
			return files.get(id)?.packed ?? readBuiltIn(`${id}.txt`);
		},
		async readCache(name) {
			return readFile(join(cache, name)).then(
				(file) => new Uint8Array(file),
				() => undefined,
			);
		},
		async writeCache(name, file) {
			const path = join(cache, name);
			const temporary = `${path}.${randomUUID()}.tmp`;
			try {
				await mkdir(cache, { recursive: true });
				await writeFile(temporary, file);
				await rename(temporary, path);
			} catch {
				// Caching is optional: ignore a full or read-only disk.
				await rm(temporary, { force: true }).catch(() => {});
			}
		},
	});
}

/** `openCorpora()` with its defaults. */
export const { corpusInfo, loadTokenized } = openCorpora();

async function readOrExplain<T>(id: string, reading: Promise<T>): Promise<T> {
	try {
		return await reading;
	} catch (error) {
		throw new Error(`corpus "${id}" cannot be read: ${(error as Error).message}`, { cause: error });
	}
}

/** The root folder of this package, both from sources and from a build. */
function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!isPackage(folder)) {
		const parent = dirname(folder);
		if (parent === folder) throw new Error(`no package "isoflop" around ${fileURLToPath(import.meta.url)}`);
		folder = parent;
	}
	return folder;
}

function isPackage(folder: string): boolean {
	const manifest = join(folder, "package.json");
	return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "isoflop";
}
