import type { Corpus, TokenizedCorpus } from "./corpus.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Characters encoded at a time: a few milliseconds of work, even if every word is new. */
const SLICE_LENGTH = 16_384;
/** Milliseconds between yields to the event loop, for progress and cancellation. */
const YIELD_INTERVAL = 50;

export interface TokenizeOptions {
	/** Called after every slice of text with the bytes of UTF-8 encoded so far, and their total. */
	onProgress?: (done: number, total: number) => void;
	/** Cancels: the promise rejects with the signal's reason. */
	signal?: AbortSignal;
}

/** Encodes a corpus document by document, with end-of-text between documents. */
export async function tokenize(
	corpus: Corpus,
	tokenizer: Tokenizer,
	{ onProgress, signal }: TokenizeOptions = {},
): Promise<TokenizedCorpus> {
	const utf8 = new TextEncoder();
	const total = [...corpus.train, ...corpus.validation].reduce((sum, text) => sum + utf8.encode(text).length, 0);
	const separator = Uint16Array.of(tokenizer.endOfText);
	let done = 0;
	let lastYield = performance.now();

	async function encodeAll(documents: string[]): Promise<Uint16Array<ArrayBuffer>> {
		const pieces: Uint16Array[] = [];
		for (const [index, document] of documents.entries()) {
			if (index > 0) pieces.push(separator);
			for (const slice of slices(document)) {
				signal?.throwIfAborted();
				pieces.push(tokenizer.encode(slice));
				done += utf8.encode(slice).length;
				onProgress?.(done, total);
				if (performance.now() - lastYield > YIELD_INTERVAL) {
					await new Promise((resolve) => setTimeout(resolve));
					lastYield = performance.now();
				}
			}
		}
		return concatenate(pieces);
	}

	const train = await encodeAll(corpus.train);
	const validation = await encodeAll(corpus.validation);
	return {
		corpus: { id: corpus.id, hash: corpus.hash },
		vocabulary: tokenizer.vocabulary,
		train,
		validation,
	};
}

/** Cuts before white space that follows other text. GPT-2's pattern never matches across it, so ids do not change. */
function* slices(text: string): Generator<string> {
	const boundary = /(?<=\S)\s/g;
	let start = 0;
	while (text.length - start > SLICE_LENGTH) {
		boundary.lastIndex = start + SLICE_LENGTH;
		const end = boundary.exec(text)?.index ?? text.length;
		yield text.slice(start, end);
		start = end;
	}
	if (start < text.length) yield text.slice(start);
}

function concatenate(pieces: Uint16Array[]): Uint16Array<ArrayBuffer> {
	const whole = new Uint16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let offset = 0;
	for (const piece of pieces) {
		whole.set(piece, offset);
		offset += piece.length;
	}
	return whole;
}
