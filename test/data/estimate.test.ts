import { expect, test } from "vitest";
import { estimateBytes, estimateTokens } from "../../src/data/estimate.ts";

test.each(["sotu", "moby-dick", "king-james-bible", "file:other.txt"])(
	"%s: fewer tokens the larger the vocabulary",
	(corpus) => {
		const estimates = [256, 257, 258, 260, 300, 511, 512, 513, 1000, 5000, 20_000, 50_000, 50_257].map((vocabulary) =>
			estimateTokens(1_000_000, vocabulary, corpus),
		);
		expect(estimates[0] / 1_000_000).toBeCloseTo(1, 3);
		for (let i = 2; i < estimates.length; i++) expect(estimates[i]).toBeLessThan(estimates[i - 1]);
		expect(estimates.at(-1)).toBeLessThan(250_000);
		expect(estimates.every(Number.isInteger)).toBe(true);
	},
);

test("in proportion to the text", () => {
	expect(estimateTokens(0, 512, "sotu")).toBe(0);
	expect(estimateTokens(2_174_200, 512, "sotu")).toBe(1_000_000);
});

test("bytes for a number of tokens make that number of tokens again", () => {
	for (const vocabulary of [256, 512, 3000, 50_257])
		expect(estimateTokens(estimateBytes(1e7, vocabulary, "file:"), vocabulary, "file:")).toBeCloseTo(1e7, -1);
});
