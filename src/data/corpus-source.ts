import type { CorpusInfo, CorpusSource } from "./corpus.ts";
import { corpusHash, unpackDocuments } from "./corpus-text.mjs";
import { loadTokenizer } from "./load-tokenizer.ts";
import { decodeTokenFile, encodeTokenFile, tokenFileName } from "./token-file.ts";
import { tokenize } from "./tokenize.ts";

/** What a host adds to make a `CorpusSource`: where texts and cached tokens are. */
export interface CorpusHost {
	/** All corpora that can be read, after making those of `wanted` readable that are files of the user. */
	list(wanted: string[]): Promise<CorpusInfo[]>;
	/** The text of a listed corpus, as `packDocuments` packs it. */
	read(info: CorpusInfo, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
	/** A cached file, or undefined. What it holds is checked here. */
	readCache(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** Keeps a file if it can; must not fail when it cannot. */
	writeCache(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** The part of a `CorpusSource` that is the same in the page and in Node. */
export function corpusSource(host: CorpusHost): CorpusSource {
	return {
		corpusInfo: (wanted = []) => host.list(wanted),
		async loadTokenized(id, vocabulary, onProgress, signal) {
			const known = await host.list([id]);
			const info = known.find((candidate) => candidate.id === id);
			if (!info) throw new Error(`corpus "${id}" does not exist; there are ${known.map((each) => each.id).join(", ")}`);
			const { hash, title, bytes } = info;
			const name = tokenFileName(hash, vocabulary);
			const file = await host.readCache(name);
			const cached = file && (await decodeTokenFile(file, { id, hash }, vocabulary));
			signal?.throwIfAborted();
			if (cached) {
				onProgress?.(bytes, bytes);
				return cached;
			}
			onProgress?.(0, bytes);
			const tokenizer = await loadTokenizer(vocabulary);
			const packed = await host.read(info, signal);
			if ((await corpusHash(packed)) !== hash)
				throw new Error(`corpus "${id}": its text has changed since it was listed (another SHA-256); list it again`);
			const corpus = { id, title, hash, ...unpackDocuments(packed) };
			const tokens = await tokenize(corpus, tokenizer, { onProgress, signal });
			await host.writeCache(name, await encodeTokenFile(tokens));
			return tokens;
		},
	};
}
