import type { TiktokenBPE } from "js-tiktoken/lite";
import { mergeBytePairs } from "./byte-pair-merge.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** Most words of a text repeat, so their tokens are cached. The cache is cleared when it is full. */
const MAX_CACHED_WORDS = 200_000;
const MAX_CACHED_WORD_LENGTH = 64;

/**
 * GPT-2's byte-pair encoding (Radford et al. 2019), cut to its first `vocabulary` − 1 tokens plus end-of-text: 257 is
 * bytes and end-of-text, 50,257 is GPT-2. Every merge needs only tokens of lower rank, so the cut table equals the one
 * that training the encoding with fewer merges would have produced.
 *
 * @param vocabulary 257 … 50,257
 * @param ranks `js-tiktoken/ranks/gpt2`
 * @throws RangeError for any other size
 */
export function bpeTokenizer(vocabulary: number, ranks: TiktokenBPE): Tokenizer {
	const tokens = bpeTokens(vocabulary, ranks);
	const endOfText = vocabulary - 1;
	const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
	const words = new RegExp(ranks.pat_str, "ug");
	const encoder = new TextEncoder();
	const cache = new Map<string, number[]>();

	function encodeWord(word: string): number[] {
		const known = cache.get(word);
		if (known) return known;
		const bytes = toByteString(encoder.encode(word));
		const whole = rankOf.get(bytes);
		const ids = whole === undefined ? mergeBytePairs(bytes, rankOf) : [whole];
		if (word.length <= MAX_CACHED_WORD_LENGTH) {
			if (cache.size >= MAX_CACHED_WORDS) cache.clear();
			cache.set(word, ids);
		}
		return ids;
	}

	return {
		vocabulary,
		endOfText,
		encode(text) {
			const ids: number[] = [];
			for (const word of text.match(words) ?? []) for (const id of encodeWord(word)) ids.push(id);
			return Uint16Array.from(ids);
		},
		decode(ids) {
			const bytes: number[] = [];
			const special = encoder.encode("<|endoftext|>");
			for (const id of ids) {
				if (id >= vocabulary)
					throw new RangeError(`token ${id} is outside the vocabulary; ids must be below ${vocabulary}`);
				if (id === endOfText) bytes.push(...special);
				else for (let i = 0; i < tokens[id].length; i++) bytes.push(tokens[id].charCodeAt(i));
			}
			return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes));
		},
	};
}

/** All tokens by id except end-of-text, which is last: bytes as strings of characters 0–255. Throws like `bpeTokenizer`. */
export function bpeTokens(vocabulary: number, ranks: TiktokenBPE): string[] {
	// Format: "! 0 token token …", an offset and then tokens in base64.
	const tokens = ranks.bpe_ranks
		.split(" ", vocabulary + 1)
		.slice(2)
		.map((token) => atob(token));
	if (!Number.isInteger(vocabulary) || vocabulary < 257 || tokens.length !== vocabulary - 1)
		throw new RangeError(`vocabulary is ${vocabulary}; GPT-2's byte-pair encoding can be cut to 257 to 50,257 tokens`);
	return tokens;
}

function toByteString(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
