import { expect } from "vitest";
import { normal } from "../../src/maths/random.ts";
import type { Numbers } from "./ops.ts";

/** The entry that differs most: its index, the absolute difference, and that over the largest |expected| of the tensor. */
function worst(actual: Numbers, expected: Numbers) {
	if (actual.length !== expected.length)
		throw new RangeError(`actual has ${actual.length} values, expected has ${expected.length}; they must agree`);
	let index = 0;
	let difference = 0;
	let largest = 0;
	for (let i = 0; i < expected.length; i++) {
		const d = actual[i] === expected[i] ? 0 : Math.abs(actual[i]! - expected[i]!);
		largest = Math.max(largest, Math.abs(expected[i]!));
		// Once a difference is NaN it is the worst, and stays so.
		if (!(d <= difference) && !Number.isNaN(difference)) {
			difference = d;
			index = i;
		}
	}
	return { index, error: difference === 0 ? 0 : difference / largest };
}

/** max|actual − expected| / max|expected|: the error relative to the tensor's largest entry. NaN when an entry of either is. */
export function relativeError(actual: Numbers, expected: Numbers): number {
	return worst(actual, expected).error;
}

/** Fails unless `relativeError` is at most `tolerance`; the message names the tensor, the worst index and both values. */
export function expectClose(actual: Numbers, expected: Numbers, tolerance: number, name: string): void {
	const { index, error } = worst(actual, expected);
	expect(
		error <= tolerance,
		`${name}[${index}] is ${actual[index]}, expected ${expected[index]}: ` +
			`relative error ${error.toExponential(2)} of the tensor's largest entry, at most ${tolerance} allowed`,
	).toBe(true);
}

/** n normal numbers with standard deviation `scale`, each exactly representable in float32. Key: `randomKey(seed, …)`. */
export function randomArray(n: number, key: number, scale = 1): Float64Array {
	return Float64Array.from({ length: n }, (_, i) => Math.fround(scale * normal(key, i)));
}
