import { describe, expect, test } from "vitest";
import {
	type LstmConfig,
	type ModelConfig,
	modelConfig,
	type TransformerConfig,
} from "../../src/architecture/config.ts";
import { parameterCounts } from "../../src/architecture/size.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { centralDifferences } from "./central-differences.ts";
import { expectClose, randomArray } from "./compare.ts";
import { forward, lossAndGradients, optimizerState, parameterShapes, type Tensors, trainStep } from "./model.ts";
import { referenceTrace, TRACES } from "./traces.ts";

const config = modelConfig({ vocabulary: 13, context: 5, width: 6, layers: 2, heads: 3, tied: true });

/** Weights far from initialization, so that no term of a gradient is negligible. */
function randomParameters(config: ModelConfig): Tensors {
	return Object.fromEntries(
		Object.entries(parameterShapes(config)).map(([name, shape]) => {
			const values = randomArray(
				shape.reduce((a, b) => a * b, 1),
				randomKey(3, name),
				0.4,
			);
			return [name, /(ln_|_norm).*weight/.test(name) ? values.map((value) => 1 + value) : values];
		}),
	);
}

const lstm: LstmConfig = {
	architecture: "lstm",
	vocabulary: 13,
	context: 5,
	width: 6,
	layers: 2,
	biases: true,
	tied: true,
};

const models: ModelConfig[] = [
	...(
		[
			{ tied: true },
			{ tied: false },
			{
				norm: "rms",
				positions: "rotary",
				activation: "swiglu",
				biases: false,
				headSize: 4,
				heads: 4,
				keyValueHeads: 2,
			},
			{ norm: "rms", positions: "rotary", qkNorm: true, headSize: 2, activation: "relu2", hidden: 7 },
			{ norm: "none", positions: "none", biases: false, keyValueHeads: 1 },
			{ biases: false, qkNorm: true, baseWidth: 2, tied: false },
		] satisfies Partial<TransformerConfig>[]
	).map((choice) => ({ ...config, ...choice })),
	lstm,
	{ ...lstm, biases: false, tied: false },
	{ ...lstm, layers: 1 },
];

describe.each(models)("%j", (model) => {
	const params = randomParameters(model);
	const key = randomKey(3, "tokens");
	const draw = (from: number) =>
		Int32Array.from({ length: 15 }, (_, i) => randomBits(key, from + i) % model.vocabulary);
	const [tokens, targets] = [draw(0), draw(15)];

	test("the shapes hold as many numbers as the model's size says", () => {
		const total = Object.values(params).reduce((n, values) => n + values.length, 0);
		expect(total).toBe(parameterCounts(model).total);
	});

	test("gradients agree with central differences in every tensor", () => {
		const { grads } = lossAndGradients(model, params, tokens, targets);
		expect(Object.keys(grads).sort()).toEqual(Object.keys(params).sort());
		for (const [name, values] of Object.entries(params)) {
			const sample = Array.from({ length: 12 }, (_, i) => randomBits(randomKey(3, "sample", name), i) % values.length);
			const expected = centralDifferences(() => forward(model, params, tokens, targets).loss, values, sample);
			expectClose(
				sample.map((i) => grads[name]![i]!),
				expected,
				1e-7,
				name,
			);
		}
	});
});

describe.each(TRACES)("PyTorch's %s", (name) => {
	const trace = referenceTrace(name);
	const params = structuredClone(trace.init);
	const state = optimizerState(params);
	const results = trace.steps.map(({ tokens, targets }) =>
		trainStep(trace.config, params, state, tokens, targets, trace.optimizer),
	);

	test("has the reference's parameters", () => {
		const shapes = parameterShapes(trace.config);
		expect(Object.keys(trace.init).sort()).toEqual(Object.keys(shapes).sort());
		expect(trace.steps.length).toBe(20);
	});

	test("gradients of the first step", () => {
		for (const [key, expected] of Object.entries(trace.grads))
			expectClose(results[0]!.grads[key]!, expected, 1e-6, key);
	});

	test("losses and gradient norms of all steps", () => {
		for (const [step, { loss, gradientNorm }] of trace.steps.entries()) {
			expect(Math.abs(results[step]!.loss / loss - 1), `loss of step ${step}`).toBeLessThan(1e-6);
			expect(Math.abs(results[step]!.gradientNorm / gradientNorm - 1), `norm of step ${step}`).toBeLessThan(1e-6);
		}
	});

	test("final weights", () => {
		for (const [key, expected] of Object.entries(trace.final)) expectClose(params[key]!, expected, 1e-5, key);
	});
});
