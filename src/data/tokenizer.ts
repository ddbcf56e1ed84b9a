/** Converts text to token ids and back. */
export interface Tokenizer {
	/** Vocabulary size: every id is below it. */
	vocabulary: number;
	/** The id that separates documents. `encode` never returns it for cleaned text. */
	endOfText: number;
	/** Special tokens spelled out in the text ("<|endoftext|>") are encoded as ordinary characters. */
	encode(text: string): Uint16Array<ArrayBuffer>;
	/** Inverse of `encode`. Incomplete characters decode to U+FFFD. Throws a RangeError for ids ≥ `vocabulary`. */
	decode(ids: Iterable<number>): string;
}

/** Increase when the same text would get different ids: it invalidates cached tokens. */
export const TOKENIZER_VERSION = 1;
