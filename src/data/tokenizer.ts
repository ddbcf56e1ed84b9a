/** Text to token ids and back. */
export interface Tokenizer {
	/** Number of ids; every id is below it. */
	vocabulary: number;
	/** The id that separates documents. `encode` never gives it for cleaned text. */
	endOfText: number;
	/** Special tokens spelled out in the text ("<|endoftext|>") are encoded as ordinary characters. */
	encode(text: string): Uint16Array<ArrayBuffer>;
	/** Inverse of `encode`; ids that are no whole character at an end give U+FFFD. Throws RangeError on ids ≥ vocabulary. */
	decode(ids: Iterable<number>): string;
}

/** Changes whenever the same text would give other ids, so that cached tokens are not mistaken. */
export const TOKENIZER_VERSION = 1;

/**
 * The bytes of UTF-8: vocabulary 256. Documents are separated by byte 0: it takes no id from the text, because cleaned
 * text has no control characters, and unlike blank lines it cannot be mistaken for a paragraph's end.
 */
export function byteTokenizer(): Tokenizer {
	const encoder = new TextEncoder();
	return {
		vocabulary: 256,
		endOfText: 0,
		encode: (text) => Uint16Array.from(encoder.encode(text)),
		decode(ids) {
			const all = Array.from(ids);
			const outside = all.find((id) => id >= 256);
			if (outside !== undefined) throw new RangeError(`token ${outside} is not below the vocabulary of 256`);
			return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(all));
		},
	};
}

/**
 * The tokenizer of a vocabulary: bytes for 256, else GPT-2's byte-pair encoding cut to it, whose table (0.5 MB) is
 * loaded only then.
 *
 * @param vocabulary 256 … 50,257
 * @throws RangeError when `vocabulary` is outside
 */
export async function loadTokenizer(vocabulary: number): Promise<Tokenizer> {
	if (!Number.isInteger(vocabulary) || vocabulary < 256 || vocabulary > 50_257)
		throw new RangeError(`vocabulary is ${vocabulary}; it must be 256 (bytes) or 257 … 50,257 (GPT-2's encoding, cut)`);
	if (vocabulary === 256) return byteTokenizer();
	const [{ bpeTokenizer }, ranks] = await Promise.all([import("./bpe-tokenizer.ts"), import("js-tiktoken/ranks/gpt2")]);
	return bpeTokenizer(vocabulary, ranks.default);
}
