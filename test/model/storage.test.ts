import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { ShaderError } from "../../src/gpu/shader.ts";
import { testGpu } from "../gpu/open.ts";
import { relativeError } from "../reference/compare.ts";
import { GpuModel, type ModelCase } from "./gpu-model.ts";

const ragged = { vocabulary: 37, context: 5, width: 9, layers: 2, heads: 3 };
const cases: (ModelCase & { name: string })[] = [
	{ name: "GPT-2", config: modelConfig(ragged), runs: 3, streams: 3, sequences: 3 },
	{
		name: "Qwen3",
		config: modelConfig({
			...{ ...ragged, context: 8, heads: 4, keyValueHeads: 2, headSize: 6 },
			...{ norm: "rms", positions: "rotary", activation: "swiglu", biases: false, qkNorm: true },
		}),
		...{ runs: 2, streams: 1, sequences: 9 },
	},
	{
		name: "rotary without norms",
		config: modelConfig({ ...ragged, headSize: 4, norm: "none", positions: "rotary", activation: "relu2" }),
		...{ runs: 1, streams: 1, sequences: 4 },
	},
];

test.each(cases)("$name: loss and gradients with 16-bit activations are near those of float64", async (size) => {
	const gpu = await testGpu();
	const model = new GpuModel(gpu, { ...size, storage: "f16" }, 1);
	try {
		if (!gpu.device.features.has("shader-f16")) {
			await expect(model.run()).rejects.toThrow(ShaderError);
			return;
		}
		await model.run();
		const [losses, gradients] = [await model.loss(), await model.gradients()];
		for (let run = 0; run < size.runs; run++) {
			const expected = model.reference(run);
			expect(Math.abs(losses[run]! / expected.loss - 1)).toBeLessThan(2e-3);
			const differences = Object.entries(expected.gradients).map(([name, values]) =>
				relativeError(gradients[run]![name]!, values),
			);
			// Near, but with 16 bits' rounding in it.
			expect(Math.max(...differences)).toBeLessThan(2e-2);
			expect(Math.max(...differences)).toBeGreaterThan(1e-4);
		}
	} finally {
		model.destroy();
	}
});
