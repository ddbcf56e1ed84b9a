import type { Tokenizer } from "./tokenizer.ts";

/**
 * The bytes of UTF-8: vocabulary size 256. Byte 0 separates documents: cleaned text has no control characters, so no
 * byte of the text is lost to it, and unlike blank lines it cannot be mistaken for the end of a paragraph.
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
			if (outside !== undefined)
				throw new RangeError(`token ${outside} is outside the vocabulary; ids must be below 256`);
			return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(all));
		},
	};
}
