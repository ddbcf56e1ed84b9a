import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { sortedPlaces } from "../../src/data/batches.ts";
import { readTensor } from "../../src/gpu/memory.ts";
import { worthMeasuring } from "../../src/gpu/variants.ts";
import { hyperValues, readMetrics } from "../../src/kernels/optimizer-structs.ts";
import { TUNING_PROBLEMS } from "../../src/kernels/tuning-problems.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { initialValues } from "../../src/model/init.ts";
import { Pack } from "../../src/train/pack.ts";
import { testGpu } from "../gpu/open.ts";

test.each([
	{ tokens: "4,096", width: 32, microSteps: 1, most: 200e6 },
	{ tokens: "65,536", width: 8, microSteps: 16, most: 400e6 },
])(
	"GPT-2's 50,257 words and a step of $tokens tokens train within $most bytes",
	async ({ tokens, width, microSteps, most }) => {
		const adapter = await testGpu();
		// Those by subgroups, where there are any: on processors they are the fastest.
		const choice = TUNING_PROBLEMS.map(({ operation }) => [
			operation.name,
			worthMeasuring(operation, adapter.subgroups, true).at(-1)!,
		]);
		const gpu = { ...adapter, variants: Object.fromEntries(choice) };
		const model = modelConfig({ vocabulary: 50257, context: 16, width, layers: 1, heads: 2, tied: true });
		const sequences = 256;
		const pack = await Pack.create(gpu, {
			...{ model, runs: 1, microBatchSequences: sequences, microSteps },
			...{ sharedTokens: true, evaluationSteps: 1, slots: microSteps },
		});
		try {
			const megabytes = (pack.memory.bytes / 1e6).toFixed(1);
			const logits = ((sequences * model.context * model.vocabulary * 4) / 1e6).toFixed(0);
			console.log(
				`50,257 words, ${tokens} tokens, width ${width}: ${megabytes} MB of GPU buffers; a micro-batch's logits would be ${logits}`,
			);
			expect(pack.memory.bytes).toBeLessThan(most);
			pack.loadParameters(0, new Map(parameterShapes(model).map((shape) => [shape.name, initialValues(shape, 1)])));
			const length = sequences * (model.context + 1);
			for (let microStep = 0; microStep < microSteps; microStep++) {
				const key = randomKey(1, "ids", microStep);
				const ids = Uint32Array.from({ length }, (_, i) => randomBits(key, i) % model.vocabulary);
				pack.writeBatch(microStep, [{ ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) }]);
			}
			const adamw = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: 1 };
			pack.writeHyper(0, [hyperValues(adamw, 0.01, 1)]);
			for (let microStep = 0; microStep < microSteps; microStep++) {
				const encoder = gpu.device.createCommandEncoder();
				const pass = encoder.beginComputePass();
				pack.encodeMicroStep(pass, { step: 0, microStep });
				pass.end();
				gpu.device.queue.submit([encoder.finish()]);
			}
			const { loss, norm } = readMetrics(await readTensor(gpu.device, pack.rings.metrics));
			// Initial logits have a deviation of about 0.11 at most, which adds half its square to ln V.
			expect(Math.abs(loss - Math.log(model.vocabulary))).toBeLessThan(0.02);
			expect(norm).toBeGreaterThan(0);
			expect(norm).toBeLessThan(10);
			const words = (await pack.readRun(0)).get("wte.weight")!;
			const before = initialValues(parameterShapes(model)[0]!, 1);
			expect(words.every(Number.isFinite)).toBe(true);
			// The head's gradient reaches every word.
			expect(words.every((value, i) => value !== before[i])).toBe(true);
		} finally {
			pack.destroy();
		}
	},
	600_000,
);
