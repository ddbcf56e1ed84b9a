import { expect, test } from "vitest";
import { sortedPlaces } from "../../src/data/batches.ts";
import { randomBits, randomKey } from "../../src/data/random.ts";
import { readTensor } from "../../src/gpu/memory.ts";
import { hyperWords } from "../../src/kernels/optimizer.ts";
import { modelConfig } from "../../src/model/config.ts";
import { initialValues } from "../../src/model/init.ts";
import { parameterShapes } from "../../src/model/parameters.ts";
import { Pack } from "../../src/train/pack.ts";
import { testGpu } from "../gpu/open.ts";

test("GPT-2's 50,257 words and 4,096 tokens train within 200 MB", async () => {
	const gpu = await testGpu();
	const model = modelConfig({ vocabulary: 50257, context: 16, width: 32, layers: 1, heads: 2, tied: true });
	const sequences = 256;
	const pack = await Pack.create(gpu, {
		...{ model, runs: 1, microBatchSequences: sequences, microSteps: 1 },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1 },
	});
	try {
		const megabytes = (pack.memory.bytes / 1e6).toFixed(1);
		const logits = ((sequences * model.context * model.vocabulary * 4) / 1e6).toFixed(0);
		console.log(
			`50,257 words, 4,096 tokens, width 32: ${megabytes} MB of GPU buffers; the logits alone would be ${logits}`,
		);
		expect(pack.memory.bytes).toBeLessThan(200e6);
		pack.loadParameters(0, new Map(parameterShapes(model).map((shape) => [shape.name, initialValues(shape, 1)])));
		const key = randomKey(1, "ids");
		const length = sequences * (model.context + 1);
		const ids = Uint32Array.from({ length }, (_, i) => randomBits(key, i) % model.vocabulary);
		pack.writeBatch(0, [{ ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) }]);
		const adamw = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clip: 1 };
		pack.writeHyper(0, 0, hyperWords(adamw, 0.01, 1));
		const encoder = gpu.device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		pack.encodeMicroStep(pass, { step: 0, microStep: 0 });
		pass.end();
		gpu.device.queue.submit([encoder.finish()]);
		const [loss, norm] = await readTensor(gpu.device, pack.rings.metrics);
		// Initial logits have a deviation of about 0.11, which adds half its square to ln V.
		expect(Math.abs(loss! - Math.log(model.vocabulary))).toBeLessThan(0.02);
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
}, 600_000);
