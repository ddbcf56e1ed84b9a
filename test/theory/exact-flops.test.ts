import { describe, expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { modelFlopsPerToken } from "../../src/architecture/flops.ts";
import { exactFlops } from "../../src/theory/exact-flops.ts";
import { expected } from "../reference/expected.ts";

const [small] = expected.flops_reference.rows;

describe("one model's compute by every way of counting", () => {
	const config = modelConfig({ vocabulary: 50_257, context: 1024, width: 768, layers: 12, heads: 12 });
	const { counts, sixND, exact, appendixF } = exactFlops(config, 1e9);

	test("GPT-2's parameters, and 6·N·D with each", () => {
		expect(counts.total).toBe(124_439_808);
		expect(counts.nonEmbedding).toBe(124_439_808 - 768 * (50_257 + 1024));
		expect(sixND.total).toMatchObject({ parameters: counts.total, flops: 6e9 * counts.total });
		expect(sixND.nonEmbedding).toMatchObject({ parameters: counts.nonEmbedding, flops: 6e9 * counts.nonEmbedding });
		expect(sixND.nonEmbeddingAndHead.parameters).toBe(counts.nonEmbedding + 768 * 50_257);
	});

	test("the exact count is its parts, whose ratios are shares", () => {
		expect(exact.all.flops).toBe(modelFlopsPerToken(config) * 1e9);
		expect(exact.layers.flops).toBe(6e9 * 12 * 12 * 768 ** 2);
		expect(exact.attention.flops).toBe(6e9 * 12 * 768 * 1025);
		expect(exact.head.flops).toBe(6e9 * 768 * 50_257);
		expect(exact.layers.ratio + exact.attention.ratio + exact.head.ratio).toBeCloseTo(1, 12);
		for (const { flops, ratio } of [...Object.values(sixND), ...Object.values(exact), appendixF!])
			expect(ratio).toBe(flops / exact.all.flops);
	});
});

test("Hoffmann et al.'s table A4: 1.03 for the model of 73 million parameters", () => {
	const config = modelConfig({
		vocabulary: 32_000,
		context: 2048,
		width: small.d,
		layers: small.l,
		heads: 10,
		headSize: 64,
	});
	const { appendixF } = exactFlops(config, 2048);
	expect(appendixF!.flops).toBe(small.F);
	expect(appendixF!.toSixND).toBeCloseTo(small.ratio_to_6ND, 2);
});

test("appendix F has no formula for gated layers and shared keys", () => {
	const shape = { vocabulary: 100, context: 8, width: 16, layers: 1, heads: 4 };
	expect(exactFlops(modelConfig({ ...shape, activation: "swiglu" }), 1).appendixF).toBeNull();
	expect(exactFlops(modelConfig({ ...shape, keyValueHeads: 2 }), 1).appendixF).toBeNull();
});
