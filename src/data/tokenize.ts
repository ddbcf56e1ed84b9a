import type { Corpus, TokenizedCorpus } from "./corpus.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Characters encoded at once: some milliseconds of work, even where every word is new. */
const SLICE = 16_384;
/** Milliseconds after which the host gets a turn, to deliver progress and to cancel. */
const TURN = 50;

export interface TokenizeOptions {
	/** Bytes of UTF-8 done and in all, after every slice of text. */
	onProgress?: (done: number, total: number) => void;
	/** Ends the work with the signal's reason. */
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
	let turn = performance.now();

	async function encodeAll(documents: string[]): Promise<Uint16Array<ArrayBuffer>> {
		const pieces: Uint16Array[] = [];
		for (const [index, document] of documents.entries()) {
			if (index > 0) pieces.push(separator);
			for (const slice of slices(document)) {
				signal?.throwIfAborted();
				pieces.push(tokenizer.encode(slice));
				done += utf8.encode(slice).length;
				onProgress?.(done, total);
				if (performance.now() - turn > TURN) {
					await new Promise((resolve) => setTimeout(resolve));
					turn = performance.now();
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

/** Cuts where a blank follows something else: there GPT-2's pattern never joins the two, so the ids stay the same. */
function* slices(text: string): Generator<string> {
	const boundary = /(?<=\S)\s/g;
	let start = 0;
	while (text.length - start > SLICE) {
		boundary.lastIndex = start + SLICE;
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
