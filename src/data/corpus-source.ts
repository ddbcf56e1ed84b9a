import type { CorpusInfo, CorpusSource } from "./corpus.ts";
import { corpusHash, unpackDocuments } from "./corpus-text.mjs";
import { loadTokenizer } from "./load-tokenizer.ts";
import { decodeTokenFile, encodeTokenFile, tokenFileName } from "./token-file.ts";
import { tokenize } from "./tokenize.ts";

/** What a host provides for a `CorpusSource`: access to texts and cached tokens. */
export interface CorpusHost {
	/** All available corpora, after loading those of `wanted` that are user files. */
	list(wanted: string[]): Promise<CorpusInfo[]>;
	/** The text of a listed corpus, in the format of `packDocuments`. */
	read(info: CorpusInfo, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
	/** A cached file, or undefined. Its content is validated here. */
	readCache(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
	/** Caches a file where possible; must not throw. */
	writeCache(name: string, file: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** A `CorpusSource` from the parts that differ between the page and Node. */
export function corpusSource(host: CorpusHost): CorpusSource {
	return {
		corpusInfo: (wanted = []) => host.list(wanted),
		async loadTokenized(id, vocabulary, onProgress, signal) {
			const known = await host.list([id]);
			const info = known.find((candidate) => candidate.id === id);
			if (!info)
				throw new Error(`corpus "${id}" does not exist; the corpora are ${known.map((each) => each.id).join(", ")}`);
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
				throw new Error(
					`corpus "${id}": its text has changed since it was listed (the SHA-256 differs); list it again`,
				);
			const corpus = { id, title, hash, ...unpackDocuments(packed) };
			const tokens = await tokenize(corpus, tokenizer, { onProgress, signal });
			await host.writeCache(name, await encodeTokenFile(tokens));
			return tokens;
		},
	};
}
