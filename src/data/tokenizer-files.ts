import { mergeBytePairs } from "./byte-pair-merge.ts";

const END_OF_TEXT = "<|endoftext|>";

/** A tokenizer as Hugging Face's libraries describe it. */
export interface TokenizerTables {
	/** Tokens by id, bytes in GPT-2's spelling. */
	tokens: string[];
	/** Merged pairs, in order of rank. */
	merges: string[];
	endOfText: number;
}

/**
 * The tables of the tokenizer of a vocabulary size (see `loadTokenizer`). For 256, bytes, end-of-text is byte 0.
 *
 * @param vocabulary 256 … 50,257
 */
export async function tokenizerTables(vocabulary: number): Promise<TokenizerTables> {
	if (vocabulary === 256) {
		const bytes = Array.from({ length: 256 }, (_, byte) => spelled(String.fromCharCode(byte)));
		return { tokens: bytes, merges: [], endOfText: 0 };
	}
	const [{ bpeTokens }, ranks] = await Promise.all([import("./bpe-tokenizer.ts"), import("js-tiktoken/ranks/gpt2")]);
	const tokens = bpeTokens(vocabulary, ranks.default);
	const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
	const merges = tokens.slice(256).map((token, i) => {
		// A token is merged from the two parts that remain after all earlier merges.
		const earlier = (part: string) => {
			const rank = rankOf.get(part);
			return rank !== undefined && rank < 256 + i ? rank : undefined;
		};
		return mergeBytePairs(token, { get: earlier })
			.map((rank) => spelled(tokens[rank]!))
			.join(" ");
	});
	return { tokens: [...tokens.map(spelled), END_OF_TEXT], merges, endOfText: vocabulary - 1 };
}

/**
 * The tokenizer files of a model folder, by name: tokenizer.json and tokenizer_config.json for Hugging Face's
 * tokenizers, and vocab.json and merges.txt in GPT-2's format.
 *
 * @param context longest sequence of the model
 */
export function tokenizerFiles({ tokens, merges }: TokenizerTables, context: number): Record<string, string> {
	const special = tokens.at(-1) === END_OF_TEXT;
	const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
	const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: special };
	const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
	const names = ["bos_token", "eos_token", "unk_token"].map((name) => [name, END_OF_TEXT]);
	return {
		"tokenizer.json": json({
			version: "1.0",
			...{ truncation: null, padding: null },
			added_tokens: special ? [{ id: tokens.length - 1, content: END_OF_TEXT, ...flags }] : [],
			...{ normalizer: null, pre_tokenizer: byteLevel, post_processor: null, decoder: byteLevel },
			model: { type: "BPE", dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false, vocab, merges },
		}),
		"tokenizer_config.json": json({
			tokenizer_class: "PreTrainedTokenizerFast",
			model_max_length: context,
			clean_up_tokenization_spaces: false,
			...(special && Object.fromEntries(names)),
		}),
		"vocab.json": json(vocab),
		"merges.txt": ["#version: 0.2", ...merges, ""].join("\n"),
	};
}

function json(value: unknown): string {
	return `${JSON.stringify(value)}\n`;
}

/**
 * Checks that a folder's vocabulary equals ours of the same size.
 *
 * @param vocab token → id, as in vocab.json
 * @throws Error naming the first token that differs
 */
export function checkVocabulary({ tokens }: TokenizerTables, vocab: Readonly<Record<string, unknown>>): void {
	const found = Object.keys(vocab).length;
	const rule = "the tokenizer must be GPT-2's encoding, whole or cut, or bytes";
	if (found !== tokens.length)
		throw new Error(`tokenizer: it has ${found} tokens, the model ${tokens.length}; they must agree`);
	for (const [id, token] of tokens.entries())
		if (!Object.hasOwn(vocab, token) || vocab[token] !== id)
			throw new Error(`tokenizer: token ${id} is not ${JSON.stringify(token)}; ${rule}`);
}

/** Bytes as printable characters: printable Latin-1 is kept, other bytes are mapped to U+0100 and above. */
function spelled(bytes: string): string {
	return Array.from(bytes, (byte) => SPELLING[byte.charCodeAt(0)]).join("");
}

const SPELLING: readonly string[] = (() => {
	let moved = 0;
	return Array.from({ length: 256 }, (_, byte) => {
		const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
		return String.fromCharCode(prints ? byte : 0x100 + moved++);
	});
})();
