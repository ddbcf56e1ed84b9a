import { describe, expect, test } from "vitest";
import { appendixFFlops, countParameters, sixN, trainingFlopsPerToken } from "../../src/theory/hoffmann-flops.ts";

const options = { context: 2048, vocabulary: 32000 };

describe("a model with every size of its own: appendix F and table A9 written out", () => {
	const [l, d, h, k, f, n, V] = [3, 48, 4, 10, 200, 64, 500];
	const shape = { layers: l, width: d, heads: h, keySize: k, feedForward: f };

	test("training FLOP per token", () => {
		const projections = l * (2 * 3 * d * k * h + 2 * k * h * d);
		const attention = l * (2 * n * k * h + 3 * h * n + 2 * n * k * h);
		const feedForward = l * 2 * (d * f + f * d);
		const flops = trainingFlopsPerToken(shape, { context: n, vocabulary: V });
		expect(flops).toBe(3 * (projections + attention + feedForward));
		const all = { attention: true, embedding: true, head: true };
		expect(trainingFlopsPerToken(shape, { context: n, vocabulary: V }, all)).toBe(flops + 3 * (2 * V * d + 2 * d * V));
	});

	test("parameters: l·(5·d·k·h + 2·k·h + 2·d·f), and V·d", () => {
		const nonEmbedding = l * (5 * d * k * h + 2 * k * h + 2 * d * f);
		expect(countParameters(shape, V)).toMatchObject({ nonEmbedding, total: nonEmbedding + V * d });
	});
});

describe("parts", () => {
	const shape = { layers: 2, width: 8, heads: 2, keySize: 4, feedForward: 32 };

	test("without attention, embedding and head, 6 FLOP for each weight of the matrices", () => {
		const none = { attention: false, embedding: false, head: false };
		expect(trainingFlopsPerToken(shape, options, none)).toBe(6 * 2 * 12 * 64);
	});

	test("attention grows with the context, the head with the vocabulary", () => {
		const { attention, head } = appendixFFlops(shape, options);
		const doubled = appendixFFlops(shape, { context: 4096, vocabulary: 64000 });
		expect([doubled.attention / attention, doubled.head / head]).toEqual([2, 2]);
		const all = trainingFlopsPerToken(shape, options, { attention: true, embedding: true, head: true });
		expect(all - trainingFlopsPerToken(shape, options)).toBe(3 * 4 * 8 * 32000);
	});

	test("6·N in each convention", () => {
		const counts = countParameters(shape, 1000);
		expect(sixN(counts)).toEqual({
			total: 6 * counts.total,
			nonembedding: 6 * counts.nonEmbedding,
			"nonembedding+head": 6 * (counts.nonEmbedding + 8000),
		});
	});
});
