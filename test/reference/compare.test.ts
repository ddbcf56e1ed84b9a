import { expect, test } from "vitest";
import { randomKey } from "../../src/maths/random.ts";
import { expectClose, randomArray, relativeError } from "./compare.ts";

test("the error is relative to the tensor's largest entry", () => {
	expect(relativeError([1, -4, 0.5], [1, -4, 0])).toBe(0.125);
	expect(relativeError([0, 0], [0, 0])).toBe(0);
	expect(relativeError([1e-9], [0])).toBe(Infinity);
	expect(relativeError([], [])).toBe(0);
	expect(() => relativeError([1], [1, 2])).toThrow(/1 values, expected has 2/);
});

test("NaN and infinities are never close", () => {
	expect(relativeError([Number.NaN, 5], [1, 1])).toBeNaN();
	expect(relativeError([1, 1], [5, Number.NaN])).toBeNaN();
	expect(() => expectClose([1, Number.NaN, 0], [1, 1, 1], 1, "x")).toThrow(/x\[1\] is NaN, expected 1/);
	expect(() => expectClose([Infinity], [1], 1, "x")).toThrow(/Infinity/);
});

test("a failure names the worst entry", () => {
	expect(() => expectClose([1, 2.5, 3], [1, 2, 3.1], 0.1, "dw")).toThrow(/dw\[1\] is 2.5, expected 2: .*1.61e-1/);
	expectClose([1, 2.5, 3], [1, 2, 3.1], 0.2, "dw");
});

test("random arrays are float32, seeded, and of the scale asked for", () => {
	const values = randomArray(4000, randomKey(1, "x"), 0.5);
	expect(Float64Array.from(Float32Array.from(values))).toEqual(values);
	expect(randomArray(4000, randomKey(1, "x"), 0.5)).toEqual(values);
	expect(randomArray(4000, randomKey(2, "x"), 0.5)).not.toEqual(values);
	const variance = values.reduce((sum, v) => sum + v * v, 0) / values.length;
	expect(Math.sqrt(variance)).toBeCloseTo(0.5, 1);
});
