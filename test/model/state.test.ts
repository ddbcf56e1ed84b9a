import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModelConfig, modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes, storedShape } from "../../src/architecture/parameters.ts";
import { gradientRanges, workingSet } from "../../src/architecture/working-set.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { boundBytes, type Tensor, tensorBytes } from "../../src/gpu/tensor.ts";
import { createActivations } from "../../src/model/activations.ts";
import { createState, type ModelState } from "../../src/model/state.ts";
import { OPTIMIZERS, type OptimizerKind, optimizerMemory } from "../../src/run/choices.ts";
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
		state = createState(memory, config, { runs, tokens, moments: ["m", "v"] });
	});
	const names = parameterShapes(config).map(({ name }) => name);
	/** Each group's tensors, and the buffer of all. */
	const groups = () =>
		({
			...{ parameters: [state.parameters, state.all.parameters], gradients: [state.gradients, state.all.gradients] },
			...{ m: [state.moments.m!, state.all.moments.m!], v: [state.moments.v!, state.all.moments.v!] },
			partials: [state.partials, state.all.partials],
		}) satisfies Record<string, [Map<string, Tensor>, Tensor]>;

	test("every tensor lies in its buffer, in order and apart from the others", () => {
		for (const [tensors, whole] of Object.values(groups())) {
			let end = 0;
			for (const { name, buffer, offset, shape } of tensors.values()) {
				expect(buffer, name).toBe(whole.buffer);
				expect(offset, name).toBe(end);
				end = offset + tensorBytes(shape);
			}
			expect(tensorBytes(whole.shape)).toBe(Math.max(end, 256));
		}
	});

	test("parameters, gradients and moments are laid out alike, [runs, …]", () => {
		const places = (tensors: Map<string, Tensor>) =>
			[...tensors].map(([name, { offset, shape, runStride }]) => ({ name, offset, shape, runStride }));
		expect(places(state.parameters).map(({ name }) => name)).toEqual(names);
		for (const group of ["gradients", "m", "v"] as const)
			expect(places(groups()[group][0])).toEqual(places(state.parameters));
		for (const tensor of parameterShapes(config))
			expect(state.parameters.get(tensor.name)!.shape).toEqual([runs, ...storedShape(tensor)]);
	});

	test("partial sums have the ranges that the batch is split into", () => {
		const ranges = (name: string) => gradientRanges(config, tokens, name);
		expect([...state.partials.keys()]).toEqual(names.filter((name) => ranges(name) > 1));
		for (const [name, { shape }] of state.partials)
			expect(shape).toEqual([runs, ranges(name), ...state.parameters.get(name)!.shape.slice(1)]);
	});
});

test("ranges hold at least 256 tokens, and are at most 16", () => {
	const ranges = (name: string, config = tied) =>
		[1, 511, 512, 4096, 65536].map((tokens) => gradientRanges(config, tokens, name));
	expect(ranges("h.0.attn.c_attn.weight")).toEqual([1, 1, 2, 16, 16]);
	expect(ranges("wte.weight")).toEqual([1, 1, 2, 16, 16]);
	expect(ranges("wte.weight", untied)).toEqual([1, 1, 1, 1, 1]);
	expect(ranges("lm_head.weight", untied)).toEqual([1, 1, 2, 2, 2]);
	expect(ranges("h.0.ln_1.weight")).toEqual([1, 1, 1, 1, 1]);
	const large = { ...tied, width: 512, heads: 8, layers: 8 };
	expect(gradientRanges(large, 65536, "h.0.attn.c_attn.weight")).toBe(1);
});

/** So many tokens that the parts of the head's sums are the largest of all. */
const llama = modelConfig({
	...{ vocabulary: 53, context: 9, width: 32, layers: 2, heads: 4, keyValueHeads: 2, hidden: 88, headSize: 6 },
	...{ norm: "rms", positions: "rotary", activation: "swiglu", biases: false, qkNorm: true },
});
const plain = modelConfig({
	...llama,
	norm: "none",
	qkNorm: false,
	positions: "none",
	activation: "relu2",
	tied: false,
});
const manyTokens: ModelConfig = modelConfig({
	vocabulary: 50257,
	context: 16,
	width: 4,
	layers: 1,
	heads: 1,
	tied: true,
});

test.each([
	{ config: tied, runs: 1, sequences: 3, storage: "f32" },
	{ config: tied, runs: 3, sequences: 160, storage: "f32" },
	{ config: untied, runs: 3, sequences: 33, storage: "f32" },
	{ config: llama, runs: 3, sequences: 7, storage: "f32" },
	{ config: plain, runs: 1, sequences: 40, storage: "f32" },
	{ config: manyTokens, runs: 1, sequences: 1400, storage: "f32" },
	{ config: tied, runs: 3, sequences: 33, storage: "f16" },
	{ config: llama, runs: 3, sequences: 7, storage: "f16" },
] as const)("a pack of $runs allocates for $sequences sequences, $storage, what its working set says", (size) => {
	const { config, runs, sequences, storage } = size;
	for (const kind of ["adamw", "sgd", "muon"] as const) expectWorkingSet(kind);

	function expectWorkingSet(kind: OptimizerKind) {
		const own = new Memory(gpu.device);
		const state = createState(own, config, { runs, tokens: sequences * config.context, ...OPTIMIZERS[kind] });
		const { blocks: ofBlocks, shared } = createActivations(own, config, runs, sequences, storage);
		const options = { microBatchSequences: sequences, storage, ...optimizerMemory(kind) };
		const { bytes, largestBinding } = workingSet(config, options);
		// What runs share, the table of rotary positions, is counted for each.
		const { wide, square, blocks } = state.all.orthogonal ?? {};
		const tables = [state.all.segments, ...(blocks ? [blocks] : [])];
		const allocated = own.bytes - tables.reduce((sum, { shape }) => sum + tensorBytes(shape), 0);
		expect(runs * bytes).toBeGreaterThanOrEqual(allocated);
		expect(runs * bytes).toBeLessThan(1.02 * allocated);
		const { segments: _, moments: ofOptimizer, orthogonal: __, ...all } = state.all;
		const scratch = [wide, square].filter((tensor) => tensor !== undefined);
		const bound: Tensor[] = [all, ofOptimizer, scratch, shared, ...ofBlocks].flatMap((each) => Object.values(each));
		expect(Math.max(...bound.map(boundBytes))).toBe(runs * largestBinding);
		own.destroy();
	}
});

test("16-bit floats halve what products read, and leave the rest alone", () => {
	const own = new Memory(gpu.device);
	const bytesOf = (storage: "f32" | "f16") => {
		const { blocks, shared } = createActivations(own, llama, 2, 64, storage);
		return [blocks[1]!, shared].map((tensors) =>
			Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, boundBytes(tensor)])),
		);
	};
	const [wide, half] = [bytesOf("f32"), bytesOf("f16")];
	const shares = half.map((bytes, i) =>
		Object.entries(bytes).flatMap(([name, size]) => (size === wide[i]![name] ? [] : [[name, size / wide[i]![name]!]])),
	);
	const halved = ["qkv", "norm1", "norm2", "raw", "u", "hidden"].map((name) => [name, 0.5]);
	expect(shares.map((each) => each.sort())).toEqual([halved.sort(), []]);
	own.destroy();
});
