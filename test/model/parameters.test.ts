import { describe, expect, test } from "vitest";
import type { ModelConfig } from "../../src/model/config.ts";
import { hasRanges, parameterShapes } from "../../src/model/parameters.ts";
import { parameterCounts } from "../../src/model/size.ts";
import { parameterShapes as referenceShapes } from "../reference/model.ts";

const configs: ModelConfig[] = [
	{ vocabulary: 37, context: 5, width: 10, layers: 2, heads: 2, tied: true },
	{ vocabulary: 50257, context: 256, width: 64, layers: 12, heads: 4, tied: false },
	{ vocabulary: 257, context: 1, width: 8, layers: 0, heads: 1, tied: true },
];

describe.each(configs)("$vocabulary words, width $width, $layers layers, tied: $tied", (config) => {
	const shapes = parameterShapes(config);
	const entries = (group: RegExp) =>
		shapes
			.filter(({ name }) => group.test(name))
			.reduce((total, { shape }) => total + shape.reduce((product, axis) => product * axis, 1), 0);

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

	test("only the vocabulary's matrices have no ranges", () => {
		const whole = shapes.filter(({ name }) => !hasRanges(name)).map(({ name }) => name);
		expect(whole).toEqual(config.tied ? ["wte.weight"] : ["wte.weight", "lm_head.weight"]);
	});
});
