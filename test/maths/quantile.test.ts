import { expect, test } from "vitest";
import { centralInterval, quantileSorted } from "../../src/maths/quantile.ts";

test("quantiles interpolate between order statistics (type 7)", () => {
	expect(quantileSorted([1, 2, 4, 8], 0)).toBe(1);
	expect(quantileSorted([1, 2, 4, 8], 0.5)).toBe(3);
	expect(quantileSorted([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 12);
	expect(quantileSorted([1, 2, 4, 8], 1)).toBe(8);
});

test("the central interval cuts the same share off both ends", () => {
	const values = Array.from({ length: 101 }, (_, i) => 100 - i);
	const { low, high } = centralInterval(values, 0.9)!;
	expect(low).toBeCloseTo(5, 9);
	expect(high).toBeCloseTo(95, 9);
});

test("nothing, and infinite ends, give no interval", () => {
	expect(centralInterval([], 0.9)).toBeNull();
	expect(centralInterval([1, 2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.9)).toBeNull();
});
