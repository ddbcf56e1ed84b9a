import { describe, expect, test } from "vitest";
import { type ModelConfig, modelConfig, type TransformerConfig } from "../../src/architecture/config.ts";
import { fromStored, parameterShapes, storedShape, toStored } from "../../src/architecture/parameters.ts";
import { attentionScale, outputMultiplier } from "../../src/architecture/parametrization.ts";
import { parameterCounts, parameterGroups } from "../../src/architecture/size.ts";
import { parameterShapes as referenceShapes } from "../reference/model.ts";

const llama: TransformerConfig = {
	...modelConfig({ vocabulary: 300, context: 8, width: 32, layers: 2, heads: 4, tied: false }),
	...{ keyValueHeads: 2, hidden: 88, norm: "rms", positions: "rotary", activation: "swiglu", biases: false },
};

const configs: ModelConfig[] = [
	modelConfig({ vocabulary: 37, context: 5, width: 10, layers: 2, heads: 2, tied: true }),
	modelConfig({ vocabulary: 50257, context: 256, width: 64, layers: 12, heads: 4, tied: false }),
	modelConfig({ vocabulary: 257, context: 1, width: 8, layers: 0, heads: 1, tied: true }),
	{ ...llama, vocabulary: 53, context: 9 },
	{ ...llama, qkNorm: true, biases: true, norm: "layer", positions: "none", activation: "relu2" },
	{ ...llama, norm: "none", headSize: 7, keyValueHeads: 1, biases: true },
	{ architecture: "lstm", vocabulary: 37, context: 5, width: 10, layers: 2, biases: true, tied: true },
	{ architecture: "lstm", vocabulary: 53, context: 9, width: 12, layers: 1, biases: false, tied: false },
];

describe.each(configs)("$vocabulary words, width $width, $layers layers, tied: $tied", (config) => {
	const shapes = parameterShapes(config);
	const entries = (group: RegExp) =>
		shapes
			.filter(({ name }) => group.test(name))
			.reduce((total, { shape }) => total + shape.reduce((product, axis) => product * axis, 1), 0);

	test("counts add up from the groups", () => {
		const groups = parameterGroups(config);
		expect(entries(/^wte\./)).toBe(groups.tokenEmbedding);
		expect(entries(/^wpe\./)).toBe(groups.positionEmbedding);
		expect(entries(/attn\./)).toBe(groups.attention);
		expect(entries(/mlp\./)).toBe(groups.feedForward);
		expect(entries(/ln_/)).toBe(groups.norms);
		expect(entries(/lstm\./)).toBe(groups.recurrent);
		expect(entries(/^lm_head\./)).toBe(groups.head);
	});

	test("holds as many numbers as the counts say, group by group", () => {
		const counts = parameterCounts(config);
		expect(entries(/./)).toBe(counts.total);
		expect(entries(/^(wte|wpe)\./)).toBe(counts.embedding);
		expect(entries(/^lm_head\./)).toBe(counts.head);
		expect(entries(/^(h\.|ln_f)/)).toBe(counts.nonEmbedding);
	});

	test("has the reference's names and shapes", () => {
		expect(Object.fromEntries(shapes.map(({ name, shape }) => [name, shape]))).toEqual(referenceShapes(config));
	});

	test.each(shapes.map((shape) => [shape.name, shape] as const))("%s is stored without loss", (name, tensor) => {
		const entries = tensor.shape.reduce((product, axis) => product * axis, 1);
		const values = Float32Array.from({ length: entries }, (_, i) => i + 1);
		const stored = toStored(tensor, values);
		expect(stored.length).toBe(storedShape(tensor).reduce((product, axis) => product * axis, 1));
		// Equal to the last bit; a matcher would go through these millions one by one.
		expect(Buffer.compare(Buffer.from(fromStored(tensor, stored).buffer), Buffer.from(values.buffer))).toBe(0);
		const [rows, width] = tensor.shape;
		const across = storedShape(tensor)[1];
		// Row 1 of a matrix of words or positions is column 1; the words that round up are zeros.
		if (/^(wte|wpe|lm_head)/.test(name) && rows! > 1) expect(stored[across! + 1]).toBe(width! + 2);
		if (/^(wte|lm_head)/.test(name))
			expect(stored.filter((value) => value === 0).length).toBe(across! * width! - entries);
	});
});

test("weight decay applies to matrices alone", () => {
	for (const config of configs)
		for (const { name, shape, decay } of parameterShapes(config)) expect(decay, name).toBe(shape.length > 1);
});

describe("muP, four times as wide as its base (Yang et al. 2022, table 8)", () => {
	const wide: TransformerConfig = { ...llama, width: 128, qkNorm: true, biases: true };
	const standard = parameterShapes(wide);
	const scaled = parameterShapes({ ...wide, baseWidth: 32 });
	const inside = (name: string) => /^h\..*(c_attn|c_proj|c_fc)\.weight$/.test(name);

	test.each(scaled.map((shape, i) => [shape.name, shape, standard[i]!] as const))("%s", (name, shape, plain) => {
		expect(plain.rate).toBe(1);
		expect(shape.rate).toBe(inside(name) ? 1 / 4 : 1);
		if ("deviation" in shape.init && "deviation" in plain.init)
			expect(shape.init.deviation).toBeCloseTo(plain.init.deviation * (inside(name) ? 1 / 2 : 1), 12);
		else expect(shape.init).toEqual(plain.init);
	});

	test("logits are divided by the ratio of widths, scores by the head's size instead of its root", () => {
		expect(outputMultiplier({ ...wide, baseWidth: 32 })).toBe(1 / 4);
		expect(outputMultiplier(wide)).toBe(1);
		expect(attentionScale({ ...wide, headSize: 16, baseWidth: 32 })).toBe(1 / 16);
		expect(attentionScale({ ...wide, headSize: 16 })).toBe(1 / 4);
	});

	test("at its base width only the scores differ", () => {
		expect(parameterShapes({ ...wide, baseWidth: 128 })).toEqual(standard);
	});
});
