import { describe, expect, test } from "vitest";
import { expectClose } from "./compare.ts";
import { adamw, clipScale, gradientNorm, lion, muon, newtonSchulz, sgd } from "./optimizer.ts";

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

describe("Muon", () => {
	test("Newton–Schulz keeps singular vectors, and takes each singular value through the polynomial five times", () => {
		// U·diag(3, 1)·Vᵀ with rotations by angles whose sines and cosines are short decimals.
		const [u, v] = [
			[0.8, -0.6, 0.6, 0.8],
			[0.96, -0.28, 0.28, 0.96],
		] as const;
		const compose = (s1: number, s2: number) =>
			Float64Array.of(
				...[u[0] * s1 * v[0] + u[1] * s2 * v[1], u[0] * s1 * v[2] + u[1] * s2 * v[3]],
				...[u[2] * s1 * v[0] + u[3] * s2 * v[1], u[2] * s1 * v[2] + u[3] * s2 * v[3]],
			);
		const iterated = (s: number) => {
			let value = s / (Math.sqrt(10) + 1e-7);
			for (let i = 0; i < 5; i++) value = 3.4445 * value - 4.775 * value ** 3 + 2.0315 * value ** 5;
			return value;
		};
		expectClose(newtonSchulz(compose(3, 1), 2, 2), compose(iterated(3), iterated(1)), 1e-12, "2 × 2");
		for (const s of [3, 1]) expect(Math.abs(iterated(s) - 0.95)).toBeLessThan(0.25);
	});

	test("Newton–Schulz of a transposed matrix is transposed, and a matrix of zeros stays one", () => {
		const x = Float64Array.of(1, 2, 3, -1, 0, 4);
		const [tall, wide] = [newtonSchulz(x, 3, 2), newtonSchulz(Float64Array.of(1, 3, 0, 2, -1, 4), 2, 3)];
		expectClose([tall[0]!, tall[2]!, tall[4]!, tall[1]!, tall[3]!, tall[5]!], wide, 1e-14, "transposed");
		expect(newtonSchulz(new Float64Array(6), 2, 3)).toEqual(new Float64Array(6));
	});

	test("Nesterov momentum, steps the size of AdamW's, and maps side by side each on its own", () => {
		const [param, m, direction] = [Float64Array.of(2, 2, 2, 2), Float64Array.of(1, 0, 0, 1), new Float64Array(4)];
		muon(param, [3, 1, 4, 1], m, direction, { rows: 2, maps: [1, 1] }, settings);
		expectClose(m, [1.2, 0.1, 0.4, 1], 1e-14, "m");
		const factor = 0.2 * Math.sqrt(2);
		const columns = [newtonSchulz(Float64Array.of(1.38, 0.76), 2, 1), newtonSchulz(Float64Array.of(0.19, 1), 2, 1)];
		const expected = [columns[0]![0]!, columns[1]![0]!, columns[0]![1]!, columns[1]![1]!].map((x) => factor * x);
		expectClose(direction, expected, 1e-14, "direction");
		expectClose(
			param,
			expected.map((x) => 2 * 0.95 - 0.1 * x),
			1e-14,
			"param",
		);
	});
});
