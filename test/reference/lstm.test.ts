import { expect, test } from "vitest";
import { randomKey } from "../../src/maths/random.ts";
import { centralDifferences } from "./central-differences.ts";
import { expectClose, randomArray } from "./compare.ts";
import { lstm, lstmBackward } from "./lstm.ts";

const [sequences, context, width] = [3, 5, 4];
const random = (name: string, n: number) => randomArray(n, randomKey(7, name));
const inputs = random("inputs", sequences * context * 4 * width);
const w = random("w", width * 4 * width);

test("two tokens of one feature, step by step", () => {
	const sigma = (x: number) => 1 / (1 + Math.exp(-x));
	const { gates, c, h } = lstm([0.1, 0.2, 0.3, 0.4, -0.5, 0.6, -0.7, 0.8], [1, -2, 3, -4], 1, 2);
	const c1 = sigma(0.1) * Math.tanh(0.3);
	const h1 = sigma(0.4) * Math.tanh(c1);
	const c2 = sigma(0.6 - 2 * h1) * c1 + sigma(-0.5 + h1) * Math.tanh(-0.7 + 3 * h1);
	expectClose(c, [c1, c2], 1e-15, "c");
	expectClose(h, [h1, sigma(0.8 - 4 * h1) * Math.tanh(c2)], 1e-15, "h");
	expectClose(gates.subarray(0, 4), [sigma(0.1), sigma(0.2), Math.tanh(0.3), sigma(0.4)], 1e-15, "gates");
});

test("sequences do not see each other", () => {
	const part = inputs.subarray(context * 4 * width, 2 * context * 4 * width);
	expect(lstm(inputs, w, width, context).h.subarray(context * width, 2 * context * width)).toEqual(
		lstm(part, w, width, context).h,
	);
});

test("backward agrees with central differences", () => {
	const dh = random("dh", sequences * context * width);
	const { dinputs, dw } = lstmBackward(dh, lstm(inputs, w, width, context), w, width, context);
	const f = () => lstm(inputs, w, width, context).h.reduce((sum, value, i) => sum + value * dh[i]!, 0);
	expectClose(dinputs, centralDifferences(f, inputs), 1e-9, "dinputs");
	expectClose(dw, centralDifferences(f, w), 1e-9, "dw");
});
