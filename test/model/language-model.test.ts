import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LstmConfig, modelConfig, type TransformerConfig } from "../../src/architecture/config.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { testGpu } from "../gpu/open.ts";
import { BACKWARD, FORWARD } from "../kernels/helpers.ts";
import { expectClose } from "../reference/compare.ts";
import { GpuModel, type ModelCase } from "./gpu-model.ts";

/** Ragged and read one entry at a time; read four at a time, two splits of the vocabulary, two ranges of the batch. */
const ragged = { vocabulary: 37, context: 5, width: 9, layers: 2, heads: 3 };
const vectorized = { vocabulary: 515, context: 16, width: 12, layers: 1, heads: 3 };
const lstm = (
	shape: Omit<LstmConfig, "architecture" | "biases" | "tied">,
	choices: Partial<LstmConfig> = {},
): LstmConfig => ({
	architecture: "lstm",
	...{ biases: true, tied: true, vocabulary: shape.vocabulary, context: shape.context },
	...{ width: shape.width, layers: shape.layers, ...choices },
});
const cases: (ModelCase & { name: string })[] = [
	{ name: "ragged, tied", config: modelConfig({ ...ragged, tied: true }), runs: 3, streams: 3, sequences: 3 },
	{
		name: "ragged, tied, norms fused",
		config: modelConfig({ ...ragged, tied: true }),
		...{ runs: 3, streams: 3, sequences: 3, variants: { norm: "fused" } },
	},
	{ name: "ragged, untied", config: modelConfig({ ...ragged, tied: false }), runs: 3, streams: 1, sequences: 105 },
	{ name: "vectorized, tied", config: modelConfig({ ...vectorized, tied: true }), runs: 3, streams: 1, sequences: 33 },
	{
		name: "vectorized, untied",
		config: modelConfig({ ...vectorized, tied: false }),
		runs: 1,
		streams: 1,
		sequences: 4,
	},
	{
		name: "no layers",
		config: modelConfig({ ...vectorized, layers: 0, tied: true }),
		runs: 1,
		streams: 1,
		sequences: 4,
	},
	...[
		{ norm: "rms", positions: "rotary", activation: "swiglu", biases: false, keyValueHeads: 2, headSize: 6 },
		{ norm: "rms", positions: "rotary", activation: "relu2", qkNorm: true, heads: 2, headSize: 2, hidden: 7 },
		{ norm: "none", positions: "none", activation: "swiglu", biases: true, qkNorm: true, heads: 3, keyValueHeads: 1 },
		{ norm: "layer", positions: "rotary", biases: false, heads: 2, headSize: 4, baseWidth: 3, tied: false },
	].map((choice) => ({
		name: Object.entries(choice).join(" ").replaceAll(",", " "),
		config: modelConfig({ ...ragged, heads: 4, ...(choice as Partial<TransformerConfig>) }),
		...{ runs: 3, streams: 3, sequences: 3 },
	})),
	{ name: "LSTM, ragged", config: lstm(ragged), runs: 3, streams: 3, sequences: 3 },
	{
		name: "LSTM, ragged, untied, without biases",
		config: lstm(ragged, { tied: false, biases: false }),
		...{ runs: 1, streams: 1, sequences: 105 },
	},
	{ name: "LSTM, vectorized", config: lstm(vectorized), runs: 3, streams: 1, sequences: 33 },
	{ name: "LSTM without layers", config: lstm(vectorized, { layers: 0 }), runs: 1, streams: 1, sequences: 4 },
];
describe.each(cases.flatMap((size) => [1, 2].map((microSteps) => ({ ...size, microSteps }))))(
	"$name, $runs runs, $microSteps micro-steps",
	(size) => {
		let model: GpuModel;
		beforeAll(async () => {
			model = new GpuModel(await testGpu(), size, size.microSteps);
			await model.run();
		});
		afterAll(() => model.destroy());
		const runs = Array.from({ length: size.runs }, (_, run) => run);

		test("loss and every gradient agree with the float64 reference", async () => {
			const losses = await model.loss();
			const gradients = await model.gradients();
			for (const run of runs) {
				const expected = model.reference(run);
				expect(Math.abs(losses[run]! / expected.loss - 1)).toBeLessThan(FORWARD);
				expect(Object.keys(gradients[run]!).sort()).toEqual(Object.keys(expected.gradients).sort());
				for (const [name, values] of Object.entries(expected.gradients))
					expectClose(gradients[run]![name]!, values, BACKWARD, `run ${run}'s ${name}`);
			}
		});

		test("a second step of the same batch gives the same bits", async () => {
			const before = [await model.loss(), await model.gradients()];
			model.replay();
			expect([await model.loss(), await model.gradients()]).toEqual(before);
		});
	},
);

// Without norms, activations would overflow.
test.each([cases[0]!, cases[6]!, cases[9]!, cases[10]!])(
	"weights 3,000 times as large give the reference's loss: $name",
	async (size) => {
		const model = new GpuModel(await testGpu(), size, 1);
		try {
			for (const tensors of model.parameters)
				for (const values of Object.values(tensors)) for (const i of values.keys()) values[i] = 3000 * values[i]!;
			await model.run();
			const losses = await model.loss();
			for (let run = 0; run < size.runs; run++) {
				const expected = model.reference(run).loss;
				expect(expected).toBeGreaterThan(10);
				expect(Math.abs(losses[run]! / expected - 1)).toBeLessThan(1e-4);
			}
		} finally {
			model.destroy();
		}
	},
);

describe.each([cases[0]!, { ...cases[4]!, sequences: 1 }])("$name", (size) => {
	test("gradients agree with central differences of the reference's loss", async () => {
		const model = new GpuModel(await testGpu(), size, 1);
		try {
			await model.run();
			const run = size.runs - 1;
			const gradients = (await model.gradients())[run]!;
			for (const [name, values] of Object.entries(gradients)) {
				const key = randomKey(13, name);
				const largest = values.reduce((index, value, i) => (Math.abs(value) > Math.abs(values[index]!) ? i : index), 0);
				const sample = [largest, ...Array.from({ length: 5 }, (_, i) => randomBits(key, i) % values.length)];
				const slopes = model.slopes(run, name, sample);
				expectClose(
					sample.map((i) => values[i]!),
					slopes,
					BACKWARD,
					name,
				);
			}
		} finally {
			model.destroy();
		}
	});
});
