import { describe, expect, test } from "vitest";
import { expectClose } from "./compare.ts";
import { adamw, clipScale, gradientNorm, lion, sgd } from "./optimizer.ts";

test("the norm is taken over all tensors together", () => {
	expect(gradientNorm([[3], [0, -4], []])).toBe(5);
});

test("clipping scales a larger norm down to the bound, and a smaller one not at all", () => {
	expect(clipScale(4, 1)).toBe(1 / 4.000001);
	expect(clipScale(0.5, 1)).toBe(1);
	expect(clipScale(0, 1)).toBe(1);
});

describe("AdamW", () => {
	const settings = { learningRate: 0.1, beta1: 0.9, beta2: 0.95, epsilon: 0.01, weightDecay: 0.5 };

	test("the first step: decay first, then the sign of the gradient, epsilon outside the corrected root", () => {
		const [param, m, v] = [Float64Array.of(2, 2), new Float64Array(2), new Float64Array(2)];
		adamw(param, [3, -3], m, v, 1, settings);
		expectClose(m, [0.3, -0.3], 1e-14, "m");
		expectClose(v, [0.45, 0.45], 1e-14, "v");
		const move = (0.1 * 3) / (3 + 0.01);
		expectClose(param, [2 * 0.95 - move, 2 * 0.95 + move], 1e-14, "param");
	});

	test("the second step corrects both biases by the power of the step", () => {
		const [param, m, v] = [Float64Array.of(2), Float64Array.of(0.3), Float64Array.of(0.45)];
		adamw(param, [1], m, v, 2, { ...settings, weightDecay: 0 });
		const mHat = (0.9 * 0.3 + 0.1 * 1) / (1 - 0.81);
		const vHat = (0.95 * 0.45 + 0.05 * 1) / (1 - 0.9025);
		expectClose(param, [2 - (0.1 * mHat) / (Math.sqrt(vHat) + 0.01)], 1e-14, "param");
	});
});

const settings = { learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 0, weightDecay: 0.5 };

test("SGD: momentum adds up whole gradients; decay that is given replaces rate times weight decay", () => {
	const [param, m] = [Float64Array.of(2), Float64Array.of(1)];
	sgd(param, [3], m, settings);
	expectClose(m, [3.9], 1e-14, "m");
	expectClose(param, [2 * 0.95 - 0.39], 1e-14, "param");
	sgd(param, [0], m, { ...settings, learningRate: 0, shrink: 0.25 });
	expectClose(param, [(2 * 0.95 - 0.39) * 0.75], 1e-14, "param");
});

test("Lion: the step is the rate, whichever way the interpolated gradient points, and momentum has its own beta", () => {
	const [param, m] = [Float64Array.of(2, 2, 0), Float64Array.of(1, 1, 0)];
	lion(param, [-8, -10, 0], m, settings);
	expectClose(param, [2 * 0.95 - 0.1, 2 * 0.95 + 0.1, 0], 1e-14, "param");
	expectClose(m, [-3.5, -4.5, 0], 1e-14, "m");
});
