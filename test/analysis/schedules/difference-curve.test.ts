import { expect, test } from "vitest";
import { differenceCurve, type SeedCurve } from "../../../src/analysis/schedules/difference-curve.ts";

const curve = (seed: number, tokens: number[], loss: number[]): SeedCurve => ({ seed, curve: { tokens, loss } });

test("curves are subtracted where all have points, seed by seed, with the band of the pairs", () => {
	const reference = [curve(1, [10, 20, 30, 40], [4, 3, 2, 1]), curve(2, [10, 20, 30], [5, 4, 3]), curve(7, [10], [9])];
	const found = differenceCurve(
		[curve(2, [10, 20, 30, 35], [5, 4.2, 3.4, 3]), curve(1, [10, 20, 30, 40], [4, 3.1, 2.2, 1])],
		reference,
	);
	expect(found.tokens).toEqual([10, 20, 30]);
	expect(found.seeds).toBe(2);
	[0, 0.15, 0.3].forEach((gap, i) => {
		expect(found.mean[i]).toBeCloseTo(gap, 12);
	});
	// A shared trunk has no difference, and no doubt about it.
	expect([found.band!.low[0], found.band!.high[0]]).toEqual([0, 0]);
	// t of 6.314 with one degree of freedom, s = 0.1/√2.
	expect(found.band!.high[1]! - found.mean[1]!).toBeCloseTo(6.3138 * 0.05, 4);
});

test("one seed has no band; none in common, no points", () => {
	const one = differenceCurve([curve(1, [10], [4])], [curve(1, [10], [3])]);
	expect(one).toEqual({ tokens: [10], mean: [1], band: null, seeds: 1 });
	expect(differenceCurve([curve(1, [10], [4])], [curve(2, [10], [3])]).tokens).toEqual([]);
	expect(differenceCurve([curve(1, [], [])], [curve(1, [10], [3])]).seeds).toBe(0);
});
