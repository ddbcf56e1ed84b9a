import { expect, test } from "vitest";
import { type LstmConfig, type ModelConfig, type ModelShape, modelConfig } from "../../src/architecture/config.ts";
import { Memory } from "../../src/gpu/memory.ts";
import type { Variants } from "../../src/gpu/variants.ts";
import { optimizer, squaresShape } from "../../src/kernels/optimizer.ts";
import { createActivations } from "../../src/model/activations.ts";
import { forwardBackward } from "../../src/model/language-model.ts";
import { createState } from "../../src/model/state.ts";
import { DEFAULT_OPTIMIZER, OPTIMIZERS, type OptimizerKind } from "../../src/run/choices.ts";
import { testGpu } from "../gpu/open.ts";

/** Dispatches of an optimizer step. */
const dispatches = (
	shape: ModelShape,
	runs: number,
	sequences: number,
	variants: Variants = {},
	kind?: OptimizerKind,
) => dispatchesOf(modelConfig(shape), runs, sequences, variants, kind);

async function dispatchesOf(
	config: ModelConfig,
	runs: number,
	sequences: number,
	variants: Variants = {},
	kind: OptimizerKind = DEFAULT_OPTIMIZER,
): Promise<number> {
	const memory = new Memory((await testGpu()).device);
	try {
		const state = createState(memory, config, {
			...{ runs, tokens: sequences * config.context, ...OPTIMIZERS[kind] },
		});
		const rings = {
			ids: memory.ring("ids", [runs, sequences, config.context + 1], 1, "microStep"),
			order: memory.ring("order", [runs, sequences * config.context], 1, "microStep"),
			loss: memory.ring("loss", [runs, 8], 1, "step"),
		};
		const activations = createActivations(memory, config, runs, sequences);
		const forOptimizer = {
			...{ ...state.all, squares: memory.tensor("squares", squaresShape(state.all.segments)) },
			...{ hyper: rings.loss, metrics: rings.loss, frozen: memory.tensor("frozen", [1, runs]) },
		};
		const pass = forwardBackward(config, state, activations, rings, { scale: 1, accumulate: false, variants });
		return pass.length + optimizer(forOptimizer, kind).length;
	} finally {
		memory.destroy();
	}
}

/** Dispatches of a step besides those of its layers. */
const MOST_OTHERS = 14;

const W2: ModelShape = { vocabulary: 512, context: 64, width: 64, layers: 4, heads: 4 };

const toy: ModelShape = { vocabulary: 64, context: 8, width: 16, layers: 1, heads: 2 };

const workloads: [string, ModelShape, number][] = [
	["toy", toy, 4],
	["W1", { vocabulary: 50257, context: 16, width: 32, layers: 2, heads: 2 }, 64],
	["W2", W2, 32],
	["W3", { vocabulary: 4096, context: 128, width: 128, layers: 6, heads: 4 }, 8],
];

test.each(workloads)(
	"%s: 15 dispatches per layer and at most 14 more, in a pack of 4 as alone",
	async (_, shape, n) => {
		const alone = await dispatches(shape, 1, n);
		expect(alone).toBeLessThanOrEqual(15 * shape.layers + MOST_OTHERS);
		expect(await dispatches(shape, 4, n)).toBe(alone);
		// Two layers are too many for the dispatches that small runs save.
		const more = (layers: number) => dispatches({ ...shape, layers: shape.layers + layers }, 1, n);
		expect((await more(2)) - (await more(1))).toBe(15);
	},
);

test.each([
	["a toy", toy, 23],
	["two layers", { ...toy, layers: 2 }, 40],
	["a vocabulary in two splits", { ...toy, vocabulary: 65 }, 24],
])(
	"%s: %s dispatches where a run is small, its vocabulary not split, in a pack of 4 as alone",
	async (_, shape, all) => {
		expect(await dispatches(shape, 1, 4)).toBe(all);
		expect(await dispatches(shape, 4, 4)).toBe(all);
	},
);

test.each([
	["one dispatch more while a matrix fits into a workgroup", 32, 1],
	["17 more for wider ones", 64, 17],
])("Muon takes %s, whatever the layers and the pack", async (_, width, more) => {
	for (const [layers, runs] of [
		[1, 1],
		[3, 4],
	] as const) {
		const shape = { ...W2, width, layers };
		expect(await dispatches(shape, runs, 4, {}, "muon")).toBe((await dispatches(shape, runs, 4)) + more);
	}
});

test.each<[string, Partial<ModelShape>, number]>([
	["Llama", { norm: "rms", positions: "rotary", activation: "swiglu", biases: false }, 17],
	["Qwen3", { norm: "rms", positions: "rotary", activation: "swiglu", biases: false, qkNorm: true }, 18],
	["no norms", { norm: "none", positions: "none" }, 13],
])("%s: dispatches per layer and besides, in a pack of 4 as alone", async (_, choices, perLayer) => {
	const shape = { ...W2, ...choices };
	const one = await dispatches({ ...shape, layers: 1 }, 1, 4);
	expect((await dispatches({ ...shape, layers: 2 }, 1, 4)) - one).toBe(perLayer);
	expect(one - perLayer).toBeLessThanOrEqual(MOST_OTHERS);
	expect(await dispatches({ ...shape, layers: 2 }, 4, 4)).toBe(one + perLayer);
});

test("an LSTM: 5 dispatches per layer and at most 14 more, in a pack of 4 as alone; more where a layer is wide", async () => {
	const { heads: _, ...sizes } = W2;
	const lstm = { architecture: "lstm", ...sizes, biases: true, tied: true } satisfies LstmConfig;
	const one = await dispatchesOf({ ...lstm, layers: 1 }, 1, 4);
	expect((await dispatchesOf({ ...lstm, layers: 2 }, 1, 4)) - one).toBe(5);
	expect(one - 5).toBeLessThanOrEqual(MOST_OTHERS);
	expect(await dispatchesOf({ ...lstm, layers: 1 }, 4, 4)).toBe(one);
	// 2²⁷ FLOP are 16 tokens of four sequences at width 512.
	const wide = { ...lstm, width: 512 };
	expect((await dispatchesOf({ ...wide, layers: 2 }, 1, 4)) - (await dispatchesOf({ ...wide, layers: 1 }, 1, 4))).toBe(
		3 + 2 * (64 / 16),
	);
});

test.each([
	["fused", 2],
	["apart", 0],
])("norms %s: %s dispatches fewer per layer, of a model that has none as many as ever", async (norm, fewer) => {
	for (const layers of [1, 3]) {
		const shape = { ...W2, layers };
		expect(await dispatches(shape, 1, 4, { norm })).toBe((await dispatches(shape, 1, 4)) - fewer * layers);
		const without: ModelShape = { ...shape, norm: "none" };
		expect(await dispatches(without, 1, 4, { norm })).toBe(await dispatches(without, 1, 4));
	}
});
