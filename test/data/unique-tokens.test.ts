import { expect, test } from "vitest";
import { uniqueTokens } from "../../src/data/unique-tokens.ts";

const stream = Uint16Array.from({ length: 10_000 }, (_, i) => i);

test("as many as asked for, in order, from all over the stream", () => {
	const tokens = uniqueTokens(stream, 2500, 1, 8);
	expect(tokens).toHaveLength(2500);
	expect(new Set(tokens).size).toBe(2500);
	expect([...tokens]).toEqual([...tokens].sort((a, b) => a - b));
	// One in four of every quarter on the average over seeds: 625, each seed's choice straying by about 200.
	const quarters = [0, 0, 0, 0];
	for (let seed = 0; seed < 100; seed++)
		for (const token of uniqueTokens(stream, 2500, seed, 8)) quarters[Math.floor(token / 2500)]!++;
	for (const tokens of quarters) expect(Math.abs(tokens / 100 - 625)).toBeLessThan(80);
});

test("contexts stay whole: stretches of 16", () => {
	const tokens = uniqueTokens(stream, 2560, 1, 8);
	const joints = tokens.filter((token, i) => i > 0 && token !== tokens[i - 1]! + 1).length;
	expect(joints).toBeLessThan(2560 / 128);
});

test("fewer are among more, the seed chooses, and all is the stream itself", () => {
	const more = new Set(uniqueTokens(stream, 5000, 3, 8));
	expect(uniqueTokens(stream, 1280, 3, 8).every((token) => more.has(token))).toBe(true);
	expect(uniqueTokens(stream, 1280, 4, 8)).not.toEqual(uniqueTokens(stream, 1280, 3, 8));
	expect(uniqueTokens(stream, 10_000, 3, 8)).toBe(stream);
	expect(uniqueTokens(stream, 9_999, 3, 8)).toHaveLength(9_999);
});

test("more than there are", () => {
	expect(() => uniqueTokens(stream, 10_001, 1, 8)).toThrow(
		"uniqueTokens is 10001; it must be at most 10000, the training tokens of the corpus",
	);
});
