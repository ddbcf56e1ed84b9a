import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import gpt2 from "js-tiktoken/ranks/gpt2";
import { expect, test } from "vitest";
import { mergeBytePairs } from "../../src/data/byte-pair-merge.ts";

const tokens = gpt2.bpe_ranks.split(" ").slice(2).map(atob);
const oracle = new Tiktoken(gpt2);
const ranks = new Map(tokens.map((token, rank) => [token, rank]));

test("GPT-2's first 256 ranks are the bytes", () => {
	expect(tokens).toHaveLength(50_256);
	expect(tokens.slice(0, 256).sort()).toEqual(Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)));
});

test("merges as js-tiktoken does", () => {
	const letters = fc.string({ unit: fc.constantFrom(..."aabcdeeiinorstth"), minLength: 1, maxLength: 60 });
	fc.assert(
		fc.property(letters, (word) => {
			// js-tiktoken takes a word that is a token as it is, without merging.
			fc.pre(!ranks.has(word));
			expect(mergeBytePairs(word, ranks)).toEqual(oracle.encode(word));
		}),
		{ numRuns: 1000 },
	);
});

test("merges the leftmost of equal pairs first", () => {
	const table = new Map([..."ab"].map((letter, rank) => [letter, rank]));
	table.set("aa", 2).set("ab", 3).set("aab", 4);
	expect(mergeBytePairs("aaa", table)).toEqual([2, 0]);
	expect(mergeBytePairs("aaab", table)).toEqual([2, 3]);
	expect(mergeBytePairs("aab", table)).toEqual([4]);
	expect(mergeBytePairs("b", table)).toEqual([1]);
});

test("a word of 300,000 letters takes no quadratic time", () => {
	const word = Array.from({ length: 300_000 }, (_, i) => "acgt"[(i * i + (i >> 3)) % 4]).join("");
	const started = performance.now();
	const merged = mergeBytePairs(word, ranks);
	expect(performance.now() - started).toBeLessThan(5000);
	expect(merged.map((id) => tokens[id]).join("")).toBe(word);
});
