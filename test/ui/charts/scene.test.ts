import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logRange, logTicks } from "../../../src/ui/charts/scene.ts";

describe("logRange", () => {
	it("widens the values' range in logs and skips what has no logarithm", () => {
		const range = logRange([100, 0, -5, Number.NaN, Infinity, 10_000], 0.1)!;
		expect(range.min).toBeCloseTo(100 / 100 ** 0.1);
		expect(range.max).toBeCloseTo(10_000 * 100 ** 0.1);
	});

	it("gives one value some room, and nothing none", () => {
		expect(logRange([5])).toEqual({ min: 5 / 1.1, max: 5 * 1.1 });
		expect(logRange([])).toBeNull();
	});
});

describe("logTicks", () => {
	it.each([
		[1e9, 1e13, 8, [1e9, 1e10, 1e11, 1e12, 1e13]],
		[2.8, 11, 8, [3, 4, 5, 6, 7, 8, 9, 10]],
		[2.1, 2.6, 4, [2.2, 2.4, 2.6]],
	])("from %d to %d in at most %d", (min, max, count, ticks) => {
		for (const [i, tick] of logTicks(min, max, count).entries()) expect(tick).toBeCloseTo(ticks[i]!, 6);
		expect(logTicks(min, max, count)).toHaveLength(ticks.length);
	});

	it("always gives ascending ticks inside the range, not many more than asked for", () => {
		const range = fc.tuple(
			fc.double({ min: -12, max: 15, noNaN: true }),
			fc.double({ min: 0.05, max: 14, noNaN: true }),
		);
		fc.assert(
			fc.property(range, fc.integer({ min: 3, max: 14 }), ([from, decades], count) => {
				const [min, max] = [10 ** from, 10 ** (from + decades)];
				const ticks = logTicks(min, max, count);
				expect(ticks.length).toBeLessThanOrEqual(count + 2);
				for (const [i, tick] of ticks.entries()) {
					expect(tick).toBeGreaterThanOrEqual(min * (1 - 1e-5));
					expect(tick).toBeLessThanOrEqual(max * (1 + 1e-5));
					if (i > 0) expect(tick).toBeGreaterThan(ticks[i - 1]!);
				}
			}),
		);
	});
});
