import { expect, test } from "vitest";
import { centralInterval, intervalAround, quantileSorted } from "../../src/maths/quantile.ts";

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

test("an interval around an estimate counts failed draws as beyond both ends, and holds the estimate", () => {
	const draws = Array.from({ length: 1001 }, (_, i) => i / 1000);
	const whole = intervalAround(0.5, draws, 0, 0.9)!;
	expect(whole.low).toBeCloseTo(0.05, 12);
	expect(whole.high).toBeCloseTo(0.95, 12);
	const some = intervalAround(0.5, draws, 50, 0.9)!;
	expect(some.low).toBeCloseTo(0.0275, 3);
	expect(some.high).toBeCloseTo(0.9725, 3);
	expect(intervalAround(0.5, draws, 200, 0.9)).toBeNull();
	expect(intervalAround(0.99, draws, 0, 0.9)).toEqual({ low: expect.closeTo(0.05, 12), high: 0.99 });
	expect(intervalAround(-1, draws, 0, 0.9)!.low).toBe(-1);
	expect(intervalAround(0.5, [], 0, 0.9)).toBeNull();
});
