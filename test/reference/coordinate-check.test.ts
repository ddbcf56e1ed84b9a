import { describe, expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { initialValues } from "../../src/model/init.ts";
import type { OptimizerSpec } from "../../src/run/optimizer-spec.ts";
import { forward, optimizerState, type Tensors, trainStep } from "./model.ts";

// Coordinate check (Yang et al. 2022, appendix D.1): the size of activations after a few steps, by width.

const WIDTHS = [16, 64, 256];
const STEPS = 3;
const optimizer: OptimizerSpec = {
	...{ kind: "adamw", learningRate: 0.02, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
	...{ weightDecay: 0, decay: "coupled", clip: 1e9 },
};

const rootMeanSquare = (values: Float64Array) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

/** Root mean squares of what changed in activations over a few steps, by name. */
function changes(width: number, baseWidth: number | null): Record<string, number> {
	const config = modelConfig({ vocabulary: 32, context: 6, width, layers: 1, heads: 4, baseWidth });
	const params: Tensors = Object.fromEntries(
		parameterShapes(config).map((shape) => [shape.name, Float64Array.from(initialValues(shape, 1))]),
	);
	const ids = Array.from({ length: 25 }, (_, i) => randomBits(randomKey(5, "ids"), i) % 32);
	const [tokens, targets] = [ids.slice(0, 24), ids.slice(1)];
	const activations = () => {
		const { layers, lnF } = forward(config, params, tokens, targets);
		const { attention, u, qkv } = layers[0]!;
		return { qkv, attention: attention.o, u, logits: logitsOf(lnF.y, params["wte.weight"]!, width, baseWidth) };
	};
	const before = activations();
	const state = optimizerState(params);
	for (let step = 0; step < STEPS; step++) trainStep(config, params, state, tokens, targets, optimizer);
	const after = activations();
	return Object.fromEntries(
		Object.entries(after).map(([name, values]) => [
			name,
			rootMeanSquare(values.map((value, i) => value - before[name as keyof typeof before][i]!)),
		]),
	);
}

function logitsOf(x: Float64Array, w: Float64Array, width: number, baseWidth: number | null): Float64Array {
	const multiplier = baseWidth === null ? 1 : baseWidth / width;
	return Float64Array.from({ length: (x.length / width) * 32 }, (_, i) => {
		const [m, v] = [Math.floor(i / 32), i % 32];
		let sum = 0;
		for (let k = 0; k < width; k++) sum += x[m * width + k]! * w[v * width + k]!;
		return multiplier * sum;
	});
}

/** d ln(size) / d ln(width), between the ends. */
function growth(baseWidth: number | null): Record<string, number> {
	const sizes = WIDTHS.map((width) => changes(width, baseWidth));
	const [first, last] = [sizes[0]!, sizes.at(-1)!];
	return Object.fromEntries(
		Object.keys(first).map((name) => [
			name,
			Math.log(last[name]! / first[name]!) / Math.log(WIDTHS.at(-1)! / WIDTHS[0]!),
		]),
	);
}

const standard = growth(null);
const scaled = growth(16);

describe.each(["qkv", "attention", "u", "logits"])("what a few steps change in %s", (name) => {
	test("does not grow with the width under muP", () => {
		expect(Math.abs(scaled[name]!)).toBeLessThan(0.15);
	});

	test("grows with it under the standard parametrization", () => {
		expect(standard[name]).toBeGreaterThan(0.6);
	});
});
