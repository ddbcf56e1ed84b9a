import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainTick, powerTick, ticks } from "../../src/figures/ticks.ts";

describe("ticks of a logarithmic axis", () => {
	it.each([
		[1e9, 1e13, 8, [1e9, 1e10, 1e11, 1e12, 1e13]],
		[2.8, 11, 8, [3, 4, 5, 6, 7, 8, 9, 10]],
		[2.1, 2.6, 4, [2.2, 2.4, 2.6]],
	])("from %d to %d in at most %d", (min, max, count, expected) => {
		const found = ticks({ min, max }, "log", count);
		for (const [i, tick] of found.entries()) expect(tick).toBeCloseTo(expected[i]!, 6);
		expect(found).toHaveLength(expected.length);
	});

	it("always ascend inside the range, and are not many more than asked for", () => {
		const range = fc.tuple(
			fc.double({ min: -12, max: 15, noNaN: true }),
			fc.double({ min: 0.05, max: 14, noNaN: true }),
		);
		fc.assert(
			fc.property(range, fc.integer({ min: 3, max: 14 }), ([from, decades], count) => {
				const [min, max] = [10 ** from, 10 ** (from + decades)];
				const found = ticks({ min, max }, "log", count);
				expect(found.length).toBeLessThanOrEqual(count + 2);
				for (const [i, tick] of found.entries()) {
					expect(tick).toBeGreaterThanOrEqual(min * (1 - 1e-5));
					expect(tick).toBeLessThanOrEqual(max * (1 + 1e-5));
					if (i > 0) expect(tick).toBeGreaterThan(found[i - 1]!);
				}
			}),
		);
	});
});

describe("ticks of a linear axis", () => {
	it.each([
		[0, 10, 5, [0, 2, 4, 6, 8, 10]],
		[-0.25, 0.25, 5, [-0.2, -0.1, 0, 0.1, 0.2]],
		[-1e12, 3e12, 4, [-1e12, 0, 1e12, 2e12, 3e12]],
	])("from %d to %d in about %d", (min, max, count, expected) => {
		expect(ticks({ min, max }, "linear", count)).toEqual(expected);
	});

	it("lie evenly inside the range, also below 0, and are not many more than asked for", () => {
		const end = fc.double({ min: -1e13, max: 1e13, noNaN: true });
		fc.assert(
			fc.property(
				end,
				fc.double({ min: 1e-3, max: 1e13, noNaN: true }),
				fc.integer({ min: 3, max: 14 }),
				(min, width, count) => {
					fc.pre(width > 1e-3 * Math.abs(min));
					const found = ticks({ min, max: min + width }, "linear", count);
					expect(found.length).toBeGreaterThan(0);
					expect(found.length).toBeLessThanOrEqual(count + 1);
					const steps = found.slice(1).map((tick, i) => tick - found[i]!);
					for (const step of steps) expect(step / steps[0]!).toBeCloseTo(1, 3);
					for (const tick of found) {
						expect(tick).toBeGreaterThanOrEqual(min - 1e-6 * width);
						expect(tick).toBeLessThanOrEqual(min + width * (1 + 1e-6));
					}
				},
			),
		);
	});
});

describe("the text of a tick", () => {
	it("is a power of ten where the axis is of powers", () => {
		expect([1e6, 2.5e9, 0, -3e5, 1, 20, 0.5, 1e-3].map(powerTick)).toEqual([
			...["10⁶", "2.5×10⁹", "0", "−3×10⁵", "1", "20", "0.5", "10⁻³"],
		]);
	});

	it("is written out elsewhere", () => {
		expect([8, 0.1 + 0.2, -2.5, 0].map(plainTick)).toEqual(["8", "0.3", "−2.5", "0"]);
	});

	it("tells neighboring ticks apart, however narrow the range", () => {
		const range = fc.tuple(
			fc.double({ min: 1, max: 1e12, noNaN: true }),
			fc.double({ min: 1e-4, max: 1e3, noNaN: true }),
		);
		fc.assert(
			fc.property(range, fc.constantFrom("log" as const, "linear" as const), ([min, width], scale) => {
				const found = ticks({ min, max: min * (1 + width) }, scale, 8);
				for (const text of [plainTick, powerTick]) expect(new Set(found.map(text)).size).toBe(found.length);
			}),
		);
	});
});
