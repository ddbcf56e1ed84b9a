import { expect, test } from "vitest";
import {
	type LstmConfig,
	type ModelConfig,
	modelConfig,
	type TransformerConfig,
} from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { Inference } from "../../src/model/inference.ts";
import { initialValues } from "../../src/model/init.ts";
import { readTrace } from "../../src/train/trace-file.ts";
import { forward } from "../reference/model.ts";
import { TRACES, traceBytes } from "../reference/traces.ts";

function nats(logits: Float64Array, target: number): number {
	const largest = Math.max(...logits);
	return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) - logits[target]!;
}

test.each(TRACES)("token by token, the loss of a batch is PyTorch's: %s", (name) => {
	const { model: config, init, batch, tokens, loss } = readTrace(traceBytes(name));
	const model = new Inference(config, init);
	let sum = 0;
	for (let sequence = 0; sequence < batch; sequence++) {
		model.reset();
		const begin = sequence * (config.context + 1);
		for (let t = 0; t < config.context; t++) sum += nats(model.next(tokens[begin + t]!), tokens[begin + t + 1]!);
	}
	expect(Math.abs(sum / (batch * config.context) / loss[0]! - 1)).toBeLessThan(1e-6);
});

const llama = { norm: "rms", positions: "rotary", activation: "swiglu", biases: false } as const;
const choices: Partial<TransformerConfig>[] = [
	{},
	{ tied: false, biases: false, activation: "relu2" },
	{ norm: "none", positions: "none", hidden: 9 },
	{ ...llama, headSize: 4, keyValueHeads: 1 },
	{ ...llama, headSize: 2, qkNorm: true, biases: true },
	{ positions: "rotary", headSize: 6, keyValueHeads: 3, qkNorm: true, norm: "layer" },
	{ baseWidth: 3, tied: false },
	{ ...llama, headSize: 4, baseWidth: 24, qkNorm: true },
];

const shape = { vocabulary: 17, context: 6, width: 12, layers: 2 };
const lstm: LstmConfig = { architecture: "lstm", ...shape, biases: true, tied: true };
const models: ModelConfig[] = [
	...choices.map((chosen) => modelConfig({ ...shape, heads: 3, ...chosen })),
	...[lstm, { ...lstm, biases: false, tied: false }],
];

test.each(models)("token by token, the losses of the reference: %j", (config) => {
	// Weights of a trained model's size, and vectors that are not all ones or zeros.
	const weights = new Map(
		parameterShapes(config).map((shape) => {
			const key = randomKey(5, shape.name);
			const values = initialValues(shape, 1);
			return [shape.name, values.map((value, i) => 8 * value + ("deviation" in shape.init ? 0 : 0.3 * normal(key, i)))];
		}),
	);
	const tokens = Array.from({ length: 7 }, (_, i) => (5 * i + 3) % 17);
	const params = Object.fromEntries([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
	const { head } = forward(config, params, tokens.slice(0, 6), tokens.slice(1));
	const model = new Inference(config, weights);
	for (let t = 0; t < 6; t++)
		expect(Math.abs(nats(model.next(tokens[t]!), tokens[t + 1]!) / head.loss[t]! - 1)).toBeLessThan(1e-9);
});

const small = modelConfig({ vocabulary: 11, context: 5, width: 6, layers: 2, heads: 3 });
const weightsOf = (config: ModelConfig) =>
	new Map(parameterShapes(config).map((shape) => [shape.name, initialValues(shape, 1)]));

test.each<ModelConfig>([small, lstm])("forgets on reset alone: %j", (config) => {
	const model = new Inference(config, weightsOf(config));
	const first = model.next(3);
	const second = model.next(4);
	expect(model.position).toBe(2);
	expect(model.next(4)).not.toEqual(second);
	model.reset();
	expect(model.next(3)).toEqual(first);
});

test("refuses what does not fit the model", () => {
	const model = new Inference(small, weightsOf(small));
	expect(() => model.next(11)).toThrow("token is 11; it must be a whole number below the vocabulary of 11");
	for (let t = 0; t < 5; t++) model.next(t);
	expect(() => model.next(0)).toThrow("the context of 5 tokens is full; reset forgets them");
	const weights = weightsOf(small);
	weights.set("wpe.weight", new Float32Array(7));
	expect(() => new Inference(small, weights)).toThrow("weights: wpe.weight has 7 entries; it must be [5,6]");
	weights.delete("wpe.weight");
	expect(() => new Inference(small, weights)).toThrow("weights: wpe.weight is missing; it must be [5,6]");
});
