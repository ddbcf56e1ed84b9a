import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { boundBytes, type Tensor, tensorBytes } from "../../src/gpu/tensor.ts";
import { type ModelConfig, modelConfig } from "../../src/model/config.ts";
import { parameterShapes } from "../../src/model/parameters.ts";
import { createState, type ModelState } from "../../src/model/state.ts";
import { createActivations } from "../../src/model/transformer.ts";
import { gradientRanges, workingSet } from "../../src/model/working-set.ts";
import { testGpu } from "../gpu/open.ts";

const tied: ModelConfig = modelConfig({ vocabulary: 37, context: 5, width: 9, layers: 2, heads: 3, tied: true });
const untied: ModelConfig = modelConfig({ vocabulary: 1030, context: 16, width: 12, layers: 1, heads: 3, tied: false });

let gpu: Gpu;
let memory: Memory;
beforeAll(async () => {
	gpu = await testGpu();
	memory = new Memory(gpu.device);
});
afterAll(() => memory.destroy());

describe.each([
	{ config: tied, runs: 1, tokens: 15 },
	{ config: tied, runs: 3, tokens: 800 },
	{ config: untied, runs: 3, tokens: 528 },
])("$config.vocabulary words, $runs runs, $tokens tokens", ({ config, runs, tokens }) => {
	let state: ModelState;
	beforeAll(() => {
		state = createState(memory, config, runs, tokens);
	});
	const names = parameterShapes(config).map(({ name }) => name);

	test("every tensor lies in its buffer, in order and apart from the others", () => {
		for (const group of ["parameters", "gradients", "m", "v", "partials"] as const) {
			let end = 0;
			for (const { name, buffer, offset, shape } of state[group].values()) {
				expect(buffer, name).toBe(state.all[group].buffer);
				expect(offset, name).toBe(end);
				end = offset + tensorBytes(shape);
			}
			expect(end).toBe(tensorBytes(state.all[group].shape));
		}
	});

	test("parameters, gradients and moments are laid out alike, [runs, …]", () => {
		const places = (tensors: Map<string, Tensor>) =>
			[...tensors].map(([name, { offset, shape, runStride }]) => ({ name, offset, shape, runStride }));
		expect(places(state.parameters).map(({ name }) => name)).toEqual(names);
		for (const group of ["gradients", "m", "v"] as const)
			expect(places(state[group])).toEqual(places(state.parameters));
		for (const { name, shape } of parameterShapes(config))
			expect(state.parameters.get(name)!.shape).toEqual([runs, ...shape]);
	});

	test("partial sums have the ranges that the batch is split into", () => {
		const ranges = gradientRanges(config, tokens);
		expect([...state.partials.keys()]).toEqual(names.filter((name) => !/^(wte|lm_head)/.test(name)));
		for (const [name, { shape }] of state.partials)
			expect(shape).toEqual([runs, ranges, ...state.parameters.get(name)!.shape.slice(1)]);
	});
});

test("ranges hold at least 256 tokens, and are at most 16", () => {
	const ranges = [1, 511, 512, 4096, 65536].map((tokens) => gradientRanges(tied, tokens));
	expect(ranges).toEqual([1, 1, 2, 16, 16]);
	const large = { ...tied, width: 512, heads: 8, layers: 8 };
	expect(gradientRanges(large, 65536)).toBe(1);
});

/** So many tokens that the parts of the head's sums are the largest of all. */
const manyTokens: ModelConfig = modelConfig({
	vocabulary: 50257,
	context: 16,
	width: 4,
	layers: 1,
	heads: 1,
	tied: true,
});

test.each([
	{ config: tied, runs: 1, sequences: 3 },
	{ config: tied, runs: 3, sequences: 160 },
	{ config: untied, runs: 3, sequences: 33 },
	{ config: manyTokens, runs: 1, sequences: 1400 },
])("the working set is what a pack of $runs allocates for $sequences sequences", ({ config, runs, sequences }) => {
	const own = new Memory(gpu.device);
	const state = createState(own, config, runs, sequences * config.context);
	const { blocks, head, ...others } = createActivations(own, config, runs, sequences);
	const { bytes, largestBinding } = workingSet(config, sequences);
	expect(own.bytes - tensorBytes(state.all.segments.shape)).toBe(runs * bytes);
	const { segments: _, ...all } = state.all;
	const bound: Tensor[] = [all, head, others, ...blocks].flatMap((tensors) => Object.values(tensors));
	expect(Math.max(...bound.map(boundBytes))).toBe(runs * largestBinding);
	own.destroy();
});
