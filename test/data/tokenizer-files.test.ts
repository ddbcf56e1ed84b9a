import { describe, expect, test } from "vitest";
import { loadTokenizer } from "../../src/data/load-tokenizer.ts";
import { checkVocabulary, tokenizerFiles, tokenizerTables } from "../../src/data/tokenizer-files.ts";

test("GPT-2's own merges come first, in its own spelling", async () => {
	const { tokens, merges, endOfText } = await tokenizerTables(50_257);
	// The first lines of GPT-2's merges.txt.
	const first = "Ġ t,Ġ a,h e,i n,r e,o n,Ġt he,e r,Ġ s,a t,Ġ w,Ġ o,e n,Ġ c,i t,i s,a n,o r,e s,Ġ b,e d,Ġ f,in g";
	expect(merges.slice(0, 23).join()).toBe(first);
	expect(merges).toHaveLength(50_000);
	expect(merges.every((merge) => /^[^ ]+ [^ ]+$/.test(merge))).toBe(true);
	expect(merges.every((merge, i) => merge.replace(" ", "") === tokens[256 + i])).toBe(true);
	expect(new Set(tokens).size).toBe(50_257);
	// From GPT-2's vocab.json.
	expect([tokens[0], tokens[188], tokens[198], tokens[220], tokens[262], tokens[endOfText]]).toEqual([
		...["!", "Ā", "Ċ", "Ġ", "Ġthe", "<|endoftext|>"],
	]);
});

/** Byte-pair encoding as the files say it: merges one after the other over the whole word. */
function encode(word: string, files: Record<string, string>): number[] {
	const vocab = JSON.parse(files["vocab.json"]!);
	let parts = [...word];
	for (const merge of files["merges.txt"]!.split("\n").slice(1, -1)) {
		const [a, b] = merge.split(" ");
		const merged: string[] = [];
		for (const part of parts) {
			if (part === b && merged.at(-1) === a) merged[merged.length - 1] = a! + b;
			else merged.push(part);
		}
		parts = merged;
	}
	return parts.map((part) => vocab[part]);
}

describe.each([256, 257, 300, 2048])("vocabulary %i", (vocabulary) => {
	test("the files encode a word as the tokenizer does", async () => {
		const files = tokenizerFiles(await tokenizerTables(vocabulary), 32);
		const tokenizer = await loadTokenizer(vocabulary);
		for (const word of ["the", "thing", "there", "unconstitutional", "Mississippi", "aaaaaa"])
			expect(encode(word, files)).toEqual([...tokenizer.encode(word)]);
	});

	test("tokenizer.json holds the same, and end-of-text where it is a token of its own", async () => {
		const tables = await tokenizerTables(vocabulary);
		const files = tokenizerFiles(tables, 32);
		const whole = JSON.parse(files["tokenizer.json"]!);
		expect(whole.model.vocab).toEqual(JSON.parse(files["vocab.json"]!));
		expect(whole.model.merges).toEqual(tables.merges);
		expect(whole.added_tokens.map(({ id }: { id: number }) => id)).toEqual(vocabulary === 256 ? [] : [vocabulary - 1]);
		expect(tables.endOfText).toBe((await loadTokenizer(vocabulary)).endOfText);
		expect(() => checkVocabulary(tables, whole.model.vocab)).not.toThrow();
	});
});

test("another tokenizer is told from ours", async () => {
	const tables = await tokenizerTables(300);
	const vocab = Object.fromEntries(tables.tokens.map((token, id) => [token, id]));
	expect(() => checkVocabulary(tables, { ...vocab, extra: 300 })).toThrow(
		"tokenizer: it has 301 tokens, the model 300; they must agree",
	);
	const { [tables.tokens[270]!]: _, ...rest } = vocab;
	expect(() => checkVocabulary(tables, { ...rest, constructor: 270 })).toThrow(/^tokenizer: token 270 is not "/);
});
