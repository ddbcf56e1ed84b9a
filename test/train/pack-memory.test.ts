import { describe, expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { Pack } from "../../src/train/pack.ts";
import { checkPackMemory, packMemory } from "../../src/train/pack-memory.ts";
import type { PackShape } from "../../src/train/pack-shape.ts";
import { WeightCopier } from "../../src/train/weight-copier.ts";
import { testGpu } from "../gpu/open.ts";
import { madeRun, trained } from "./made.ts";

const shapeOf = (model: Parameters<typeof modelConfig>[0], rest: Partial<PackShape> = {}): PackShape => ({
	...{ model: modelConfig(model), runs: 1, microBatchSequences: 32, microSteps: 2, sharedTokens: true },
	...{ evaluationSteps: 1, slots: 32, ...rest },
});

const bytes = { vocabulary: 256, context: 16, width: 16, layers: 1, heads: 4 };
const words = { vocabulary: 4096, context: 64, width: 64, layers: 3, heads: 4 };

test.each<[string, PackShape, boolean]>([
	["a toy", shapeOf(bytes), true],
	[
		"a pack of toys that read their own tokens, with averages",
		shapeOf(bytes, { runs: 8, sharedTokens: false, average: true }),
		true,
	],
	["a small model", shapeOf(words), false],
	["a pack of small models with checkpoints", shapeOf(words, { runs: 4, average: true }), true],
	["a small model with 16-bit activations", shapeOf(words, { storage: "f16" }), false],
	[
		"an LSTM",
		{
			...shapeOf(words),
			model: { architecture: "lstm", vocabulary: 512, context: 64, width: 64, layers: 2, biases: true, tied: true },
		},
		true,
	],
	["a small model by Muon with checkpoints", shapeOf(words, { optimizer: "muon", runs: 2 }), true],
	["untied, by SGD", shapeOf({ ...words, tied: false }, { optimizer: "sgd", microBatchSequences: 8 }), true],
])("%s: the estimate is near what is allocated, within a tenth", async (_, shape, takesSnapshots) => {
	const gpu = await testGpu();
	if (shape.storage === "f16" && !gpu.device.features.has("shader-f16")) {
		await expect(Pack.create(gpu, shape)).rejects.toThrow("has no 16-bit floats");
		return;
	}
	const pack = await Pack.create(gpu, shape);
	try {
		if (takesSnapshots) new WeightCopier(pack);
		expect(packMemory(shape, takesSnapshots).bytes / pack.memory.bytes).toBeGreaterThan(0.9);
		expect(packMemory(shape, takesSnapshots).bytes / pack.memory.bytes).toBeLessThan(1.1);
	} finally {
		pack.destroy();
	}
});

test("16-bit activations take less memory, by what the blocks keep", () => {
	const { bytes } = packMemory(shapeOf(words), false);
	const half = packMemory(shapeOf(words, { storage: "f16" }), false);
	// Three layers: norms 2, qkv 3, u and hidden 8 times the width, of 2,048 tokens, each 2 bytes less.
	expect(bytes - half.bytes).toBe(3 * 13 * 64 * 2048 * 2);
});

const gpt2Words = { vocabulary: 50257, context: 16, width: 32, layers: 2, heads: 2 };

test.each<[string, Partial<PackShape>, number]>([
	["64 sequences in one go", { microBatchSequences: 64, microSteps: 1 }, 120e6],
	["65,536 tokens in sixteen micro-batches", { microBatchSequences: 256, microSteps: 16 }, 400e6],
])("50,257 words, width 32, %s: within the limit, checkpoints included", async (_, rest, limit) => {
	const pack = await Pack.create(await testGpu(), shapeOf(gpt2Words, rest));
	try {
		new WeightCopier(pack);
		expect(pack.memory.bytes).toBeLessThan(limit);
	} finally {
		pack.destroy();
	}
});

describe("a pack that does not fit is refused before anything is allocated", () => {
	test("when one binding would be too large", async () => {
		const gpu = await testGpu();
		const shape = shapeOf({ ...words, vocabulary: 50257, width: 4096, heads: 64 }, { runs: 4 });
		const message =
			/^memory: 4 runs of width 4096 and 3 layers need [\d,]+ bytes in one piece, .* allows [\d,]+; use a smaller/;
		expect(() => checkPackMemory(gpu, shape, false)).toThrow(message);
	});

	test("when all together would be more than is allowed", async () => {
		const run = madeRun("a");
		await expect(trained([run], undefined, { memory: 100_000 })).rejects.toThrow(
			/^memory: 1 run of width 12 and 1 layer need [\d,]+ bytes, 100,000 are allowed; use a smaller model, a smaller vocabulary/,
		);
	});
});
