import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import gpt2 from "js-tiktoken/ranks/gpt2";
import { beforeAll, describe, expect, test } from "vitest";
import { loadTokenizer } from "../../src/data/load-tokenizer.ts";
import type { Tokenizer } from "../../src/data/tokenizer.ts";

const VOCABULARIES = [256, 257, 258, 512, 2048, 50_257];
const SAMPLES = [
	"Call me Ishmael. Some years ago—never mind how long precisely—",
	"I'll say we've, they're, don't, she'd, I'm, it's; I'LL NOT 'tis 'twas",
	"  two  spaces\t\ttabs \n\n\n three lines   \n  indented\u00a0no-break\u2003em \r\n",
	"   ",
	"\n",
	"👩‍👩‍👧‍👦 family, 🇺🇸 flag, 🤷🏽‍♀️ shrug, é è ü, Ω≈ç√, 日本語のテキスト, עברית, हिन्दी",
	"3.14159 1,000,000 $32,322,504.24 4½ x² ⅷ",
	"snake_case camelCase <html lang='en'> {json: [1,2]} !!! ??? ... --- ===",
	"a\0b\u0001c\ufeffd\ufffd",
	"antidisestablishmentarianism ".repeat(3),
];

/** js-tiktoken with GPT-2's table cut in its own format. */
function oracle(vocabulary: number): Tiktoken {
	const bpe_ranks = gpt2.bpe_ranks
		.split(" ")
		.slice(0, 2 + vocabulary - 1)
		.join(" ");
	return new Tiktoken({ ...gpt2, bpe_ranks, special_tokens: { "<|endoftext|>": vocabulary - 1 } });
}

const tokenizers = new Map<number, Tokenizer>();
beforeAll(async () => {
	for (const vocabulary of VOCABULARIES) tokenizers.set(vocabulary, await loadTokenizer(vocabulary));
});

describe.each(VOCABULARIES)("vocabulary %i", (vocabulary) => {
	const get = () => tokenizers.get(vocabulary) as Tokenizer;

	test("gives any text back, with ids below the vocabulary and no end-of-text", () => {
		const tokenizer = get();
		expect(tokenizer.vocabulary).toBe(vocabulary);
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.lorem()), (text) => {
				const ids = tokenizer.encode(text);
				expect(tokenizer.decode(ids)).toBe(text);
				for (const id of ids) expect(id).toBeLessThan(vocabulary);
				if (!text.includes("\0")) expect(ids.includes(tokenizer.endOfText)).toBe(false);
			}),
		);
	});

	test("takes special tokens in the text for ordinary characters", () => {
		const tokenizer = get();
		const text = "before<|endoftext|>after <|endoftext|>";
		const ids = tokenizer.encode(text);
		expect(ids.includes(tokenizer.endOfText)).toBe(false);
		expect(tokenizer.decode(ids)).toBe(text);
	});

	test("refuses to decode an id that it does not have", () => {
		expect(() => get().decode([0, vocabulary])).toThrow(
			`token ${vocabulary} is outside the vocabulary; ids must be below ${vocabulary}`,
		);
	});
});

test.each([257, 512, 2048, 50_257])("vocabulary %i encodes as js-tiktoken does", (vocabulary) => {
	const tokenizer = tokenizers.get(vocabulary) as Tokenizer;
	const expected = oracle(vocabulary);
	const check = (text: string) => {
		expect(Array.from(tokenizer.encode(text))).toEqual(expected.encode(text, [], []));
	};
	for (const sample of SAMPLES) check(sample);
	check(SAMPLES.join(""));
	fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), check));
	fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..." \n\tab'ls.7é"), maxLength: 40 }), check));
});

test("50,257 is GPT-2", async () => {
	const tokenizer = tokenizers.get(50_257) as Tokenizer;
	// From OpenAI's encoder.
	expect(Array.from(tokenizer.encode("Hello, world! It's <|endoftext|>"))).toEqual([
		15496, 11, 995, 0, 632, 338, 1279, 91, 437, 1659, 5239, 91, 29,
	]);
	expect(tokenizer.endOfText).toBe(50_256);
	expect(tokenizer.decode([15496, 50_256])).toBe("Hello<|endoftext|>");
});

test("bytes are bytes", () => {
	const tokenizer = tokenizers.get(256) as Tokenizer;
	expect(Array.from(tokenizer.encode("aé€"))).toEqual([0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac]);
	expect(tokenizer.endOfText).toBe(0);
});

test.each([255, 50_258, 0, -1, 300.5, Number.NaN, 1e9])("refuses a vocabulary of %d", async (vocabulary) => {
	await expect(loadTokenizer(vocabulary)).rejects.toThrow(`vocabulary is ${vocabulary}; it must be 256 (bytes)`);
});
