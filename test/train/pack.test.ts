import "../gpu/compile-faster.ts";
import { expect, test } from "vitest";
import { type ModelConfig, modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { sortedPlaces } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/memory.ts";
import { entriesPerRun } from "../../src/gpu/tensor.ts";
import { hyperValues, readMetrics } from "../../src/kernels/optimizer-structs.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { initialValues } from "../../src/model/init.ts";
import type { OptimizerKind } from "../../src/run/choices.ts";
import { Pack } from "../../src/train/pack.ts";
import { testGpu } from "../gpu/open.ts";

const STEPS = 5;
const MICRO_STEPS = 2;
const vectorized: ModelConfig = modelConfig({ vocabulary: 40, context: 8, width: 12, layers: 1, heads: 3, tied: true });
const ragged: ModelConfig = modelConfig({ vocabulary: 37, context: 5, width: 9, layers: 2, heads: 3, tied: false });

/** What sets one run apart from the others of its pack. */
interface Run {
	seed: number;
	learningRate: number;
	weightDecay: number;
	clip: number;
}

const runs: Run[] = [
	{ seed: 1, learningRate: 0.01, weightDecay: 0.1, clip: 1 },
	{ seed: 2, learningRate: 0.1, weightDecay: 0, clip: 0.1 },
	{ seed: 3, learningRate: 0.001, weightDecay: 0.5, clip: 1e9 },
];

/** The bits of every parameter and moment of each run, and its metrics at the last step, after five steps. */
async function train(
	model: ModelConfig,
	sequences: number,
	pack: Run[],
	sharedTokens: boolean,
	slots: number,
	optimizer: OptimizerKind = "adamw",
) {
	const gpu = await testGpu();
	const { device } = gpu;
	const trained = await Pack.create(gpu, {
		...{ model, runs: pack.length, microBatchSequences: sequences, microSteps: MICRO_STEPS },
		...{ sharedTokens, evaluationSteps: 1, slots, optimizer },
	});
	try {
		for (const [run, { seed }] of pack.entries()) {
			const values = parameterShapes(model).map((shape) => [shape.name, initialValues(shape, seed)] as const);
			trained.loadParameters(run, new Map(values));
		}
		const batch = (microStep: number, stream: number) => {
			const key = randomKey(stream, "ids", microStep);
			const length = sequences * (model.context + 1);
			const ids = Uint32Array.from({ length }, (_, i) => randomBits(key, i) % model.vocabulary);
			return { ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) };
		};
		// As many micro-steps per submit as there are slots.
		for (let first = 0; first < STEPS * MICRO_STEPS; first += slots) {
			const encoder = device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			for (let microStep = first; microStep < Math.min(first + slots, STEPS * MICRO_STEPS); microStep++) {
				const step = Math.floor(microStep / MICRO_STEPS);
				const streams = sharedTokens ? [0] : pack.map(({ seed }) => seed);
				trained.writeBatch(
					microStep,
					streams.map((stream) => batch(microStep, stream)),
				);
				const hyper = pack.map((settings) =>
					hyperValues({ beta1: 0.9, beta2: 0.95, epsilon: 1e-8, ...settings }, settings.learningRate, step + 1),
				);
				trained.writeHyper(step, hyper);
				trained.encodeMicroStep(pass, { step, microStep });
			}
			pass.end();
			device.queue.submit([encoder.finish()]);
		}
		const { state, rings } = trained;
		const metrics = { ...rings.metrics, offset: ((STEPS - 1) % slots) * rings.metrics.slotBytes };
		const tensors = { metrics };
		for (const [group, views] of Object.entries({ parameters: state.parameters, ...state.moments }))
			for (const [name, tensor] of views) Object.assign(tensors, { [`${group} ${name}`]: tensor });
		const bits: Record<string, Uint32Array>[] = pack.map(() => ({}));
		for (const [name, tensor] of Object.entries(tensors)) {
			const values = new Uint32Array((await readTensor(device, tensor)).buffer);
			const entries = entriesPerRun(tensor.shape);
			for (const [run, ofRun] of bits.entries()) ofRun[name] = values.slice(run * entries, (run + 1) * entries);
		}
		return bits;
	} finally {
		trained.destroy();
	}
}

const wide: ModelConfig = modelConfig({ vocabulary: 37, context: 5, width: 36, layers: 1, heads: 3, tied: true });

test.each<{ name: string; model: ModelConfig; sequences: number; sharedTokens: boolean; optimizer?: OptimizerKind }>([
	{ name: "read four at a time, two ranges of the batch", model: vectorized, sequences: 64, sharedTokens: false },
	{ name: "read four at a time, shared tokens", model: vectorized, sequences: 3, sharedTokens: true },
	{ name: "ragged, untied", model: ragged, sequences: 3, sharedTokens: false },
	{ name: "by Muon, ragged", model: ragged, sequences: 3, sharedTokens: false, optimizer: "muon" },
	{ name: "by Muon, too wide for a workgroup", model: wide, sequences: 3, sharedTokens: true, optimizer: "muon" },
])("the same bits twice, and alone as in a pack of three: $name", async (given) => {
	const { model, sequences, sharedTokens, optimizer } = given;
	const together = await train(model, sequences, runs, sharedTokens, 10, optimizer);
	expect(await train(model, sequences, runs, sharedTokens, 10, optimizer)).toEqual(together);
	for (const [run, settings] of runs.entries()) {
		const [alone] = await train(model, sequences, [settings], sharedTokens, 2, optimizer);
		expect(alone, `run ${run}`).toEqual(together[run]);
	}
	expect(together[0]!["parameters wte.weight"]).not.toEqual(together[1]!["parameters wte.weight"]);
});

test("a missing tensor is named", async () => {
	const gpu = await testGpu();
	const pack = await Pack.create(gpu, {
		...{ model: vectorized, runs: 1, microBatchSequences: 3, microSteps: 1 },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1 },
	});
	expect(() => pack.loadParameters(0, new Map())).toThrow("wte.weight is missing");
	pack.destroy();
});

test("a pack over the adapter's limits is refused, and names what is too large", async () => {
	const gpu = await testGpu();
	const model = { ...vectorized, vocabulary: 50257, width: 4096, heads: 64, layers: 0 };
	await expect(
		Pack.create(gpu, {
			...{ model, runs: 4, microBatchSequences: 1, microSteps: 1 },
			...{ sharedTokens: true, evaluationSteps: 1, slots: 1 },
		}),
	).rejects.toThrow(/^parameters: .* bytes; this adapter (binds at most|allows) \d+/);
});

test("of several micro-batches, the first one's gradient is measured as if it were alone", async () => {
	const gpu = await testGpu();
	const model = ragged;
	const sequences = 3;
	const key = randomKey(1, "ids");
	const ids = (from: number) =>
		Uint32Array.from({ length: sequences * 6 }, (_, i) => randomBits(key, from + i) % model.vocabulary);
	/** Metrics of one step that reads micro-batches that begin at these draws. */
	const step = async (draws: number[]) => {
		const pack = await Pack.create(gpu, {
			...{ model, runs: 1, microBatchSequences: sequences, microSteps: draws.length },
			...{ sharedTokens: true, evaluationSteps: 1, slots: 4 },
		});
		try {
			pack.loadParameters(0, new Map(parameterShapes(model).map((shape) => [shape.name, initialValues(shape, 1)])));
			const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: 1 };
			pack.writeHyper(0, [hyperValues(settings, 0.01, 1)]);
			const encoder = gpu.device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			for (const [microStep, from] of draws.entries()) {
				const batch = ids(from);
				pack.writeBatch(microStep, [
					{ ids: batch, order: sortedPlaces(batch, sequences, model.context, model.vocabulary) },
				]);
				pack.encodeMicroStep(pass, { step: 0, microStep });
			}
			pass.end();
			gpu.device.queue.submit([encoder.finish()]);
			return readMetrics(await readTensor(gpu.device, { ...pack.rings.metrics, offset: 0 }));
		} finally {
			pack.destroy();
		}
	};
	const [alone, other, both, three] = [
		await step([0]),
		await step([500]),
		await step([0, 500]),
		await step([0, 500, 9]),
	];
	expect(2 * both.first_norm!).toBeCloseTo(alone.norm!, 5);
	expect(3 * three.first_norm!).toBeCloseTo(alone.norm!, 5);
	// Means of different gradients are shorter than they.
	expect(both.norm).toBeLessThan(Math.max(alone.norm!, other.norm!));
});
