import { describe, expect, test } from "vitest";
import { appendixFFlops, countParameters, sixN, trainingFlopsPerToken } from "../../src/theory/hoffmann-flops.ts";
import { expected, readRows, relativeError } from "./expected.ts";

const options = { context: 2048, vocabulary: 32000 };

describe("flops_reference", () => {
	test.each(expected.flops_reference.rows as Record<"d" | "h" | "l" | "ffw" | "N" | "F" | "ratio_to_6ND", number>[])(
		"width $d, $l layers",
		({ d, h, l, ffw, N, F, ratio_to_6ND }) => {
			const shape = { layers: l, width: d, heads: h, keySize: d / h, feedForward: ffw };
			const flops = trainingFlopsPerToken(shape, options) * 2048;
			expect(flops).toBe(F);
			expect(flops / (6 * N * 2048)).toBeCloseTo(ratio_to_6ND, 6);
		},
	);
});

describe("Chinchilla's table A9", () => {
	test("parameters are the table's formula, to its last digit", () => {
		for (const row of readRows("chinchilla_table_a9.csv")) {
			const shape = {
				layers: row.n_layers!,
				width: row.d_model!,
				heads: row.n_heads!,
				keySize: row.kv_size!,
				feedForward: row.ffw_size!,
			};
			const { total } = countParameters(shape, 32000);
			expect(Math.abs(total / 1e6 - row.formula_params_M!)).toBeLessThanOrEqual(0.051);
			expect(relativeError(total / 1e6, row.params_M_alt!)).toBeLessThan(0.16);
		}
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
