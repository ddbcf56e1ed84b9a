import { describe, expect, test } from "vitest";
import { byteTokenizer } from "../../src/data/byte-tokenizer.ts";
import type { Corpus } from "../../src/data/corpus.ts";
import { loadTokenizer } from "../../src/data/load-tokenizer.ts";
import { tokenize } from "../../src/data/tokenize.ts";

function corpusOf(train: string[], validation: string[]): Corpus {
	return { id: "test", title: "Test", hash: "0".repeat(64), train, validation };
}

test("documents are joined by end-of-text", async () => {
	const tokens = await tokenize(corpusOf(["ab", "é", "c"], ["d"]), byteTokenizer());
	expect(Array.from(tokens.train)).toEqual([97, 98, 0, 0xc3, 0xa9, 0, 99]);
	expect(Array.from(tokens.validation)).toEqual([100]);
	expect(tokens.corpus).toEqual({ id: "test", hash: "0".repeat(64) });
	expect(tokens.vocabulary).toBe(256);
});

describe("long documents", () => {
	const words = ["whale", " ship", "  the", "\n\n", " \n", "\t", "'ll", "don't", " 🐋🐋", "—", "12", "日本語"];
	const prose = Array.from({ length: 60_000 }, (_, i) => words[(i * i * 7 + (i >> 2)) % words.length]).join("");

	test.each([256, 257, 1000, 50_257])("have the same ids as in one go at vocabulary %i", async (vocabulary) => {
		const tokenizer = await loadTokenizer(vocabulary);
		const wordless = "é".repeat(50_000);
		const tokens = await tokenize(corpusOf([prose, wordless], ["x"]), tokenizer);
		expect(Array.from(tokens.train)).toEqual([
			...tokenizer.encode(prose),
			tokenizer.endOfText,
			...tokenizer.encode(wordless),
		]);
	});

	test("report progress that grows to the end", async () => {
		const seen: [number, number][] = [];
		await tokenize(corpusOf([prose, "b"], ["c"]), byteTokenizer(), {
			onProgress: (done, total) => seen.push([done, total]),
		});
		const total = Buffer.byteLength(prose) + 2;
		expect(seen.length).toBeGreaterThan(10);
		expect(seen.every(([, all]) => all === total)).toBe(true);
		expect(seen.every(([done], i) => i === 0 || done > seen[i - 1][0])).toBe(true);
		expect(seen.at(-1)).toEqual([total, total]);
	});

	test("can be cancelled from outside, between slices", async () => {
		const controller = new AbortController();
		const corpus = corpusOf(
			Array.from({ length: 200 }, () => prose),
			["c"],
		);
		let done = 0;
		setTimeout(() => controller.abort(new Error("stopped by the test")), 1);
		const run = tokenize(corpus, await loadTokenizer(512), {
			onProgress: (bytes) => {
				done = bytes;
			},
			signal: controller.signal,
		});
		await expect(run).rejects.toThrow("stopped by the test");
		expect(done).toBeLessThan(100 * Buffer.byteLength(prose));
	});
});
