import { byteTokenizer } from "./byte-tokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * The tokenizer of a vocabulary size: bytes for 256, otherwise GPT-2's byte-pair encoding cut to that size. The encoding's
 * table (0.5 MB) is loaded only when needed.
 *
 * @param vocabulary 256 … 50,257
 * @throws RangeError for any other size
 */
export async function loadTokenizer(vocabulary: number): Promise<Tokenizer> {
	if (!Number.isInteger(vocabulary) || vocabulary < 256 || vocabulary > 50_257)
		throw new RangeError(
			`vocabulary is ${vocabulary}; it must be 256 (bytes) or 257 to 50,257 (GPT-2's encoding, cut to that size)`,
		);
	if (vocabulary === 256) return byteTokenizer();
	const [{ bpeTokenizer }, ranks] = await Promise.all([import("./bpe-tokenizer.ts"), import("js-tiktoken/ranks/gpt2")]);
	return bpeTokenizer(vocabulary, ranks.default);
}
