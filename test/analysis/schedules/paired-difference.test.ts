import { describe, expect, test } from "vitest";
import { meanInterval, pairedDifference } from "../../../src/analysis/schedules/paired-difference.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

describe("the difference of paired losses", () => {
	test("is the mean over common seeds, with Student's interval", () => {
		const found = pairedDifference(
			new Map([
				[1, 3.1],
				[2, 3.3],
				[3, 3.2],
				[9, 8],
			]),
			new Map([
				[1, 3.0],
				[2, 3.1],
				[3, 3.05],
				[4, 1],
			]),
		);
		// Differences 0.1, 0.2, 0.15: mean 0.15, s 0.05, and t of 2.920 for 95 % with two degrees of freedom.
		expect(found.estimate).toBeCloseTo(0.15, 12);
		expect(found.high! - found.estimate!).toBeCloseTo((2.91999 * 0.05) / Math.sqrt(3), 5);
		expect(found.estimate! - found.low!).toBeCloseTo(found.high! - found.estimate!, 12);
		expect(found).toMatchObject({ seeds: 3, reason: null });
	});

	test("has no interval with one seed, and no estimate without a common one", () => {
		expect(pairedDifference(new Map([[1, 3]]), new Map([[1, 2.5]]))).toEqual({
			...{ estimate: 0.5, low: null, high: null, seeds: 1 },
			reason: "one seed; an interval needs two",
		});
		expect(pairedDifference(new Map([[1, 3]]), new Map([[2, 2.5]]))).toMatchObject({
			...{ estimate: null, seeds: 0, reason: "no seed in common" },
		});
	});

	test("a wider level gives a wider interval around the same mean", () => {
		const [narrow, wide] = [0.5, 0.99].map((level) => meanInterval([1, 2, 4], level));
		expect(narrow!.estimate).toBe(wide!.estimate);
		expect(wide!.high! - wide!.low!).toBeGreaterThan(5 * (narrow!.high! - narrow!.low!));
	});
});

describe("coverage of the interval in synthetic comparisons", () => {
	const STUDIES = 2000;
	/** Nats per token: how far seeds lie apart, and how far the pairs' differences do. */
	const [BETWEEN_SEEDS, WITHIN_PAIRS, EFFECT] = [0.05, 0.004, 0.01];

	test.each([
		[2, 0.9],
		[3, 0.9],
		[5, 0.9],
		[3, 0.5],
	])("%i seeds at level %f", (seeds, level) => {
		let covered = 0;
		let unpaired = 0;
		for (let study = 0; study < STUDIES; study++) {
			const key = randomKey(7, "coverage", seeds, study);
			const [values, reference] = [new Map<number, number>(), new Map<number, number>()];
			for (let seed = 0; seed < seeds; seed++) {
				const common = 3 + BETWEEN_SEEDS * normal(key, 3 * seed);
				reference.set(seed, common + (WITHIN_PAIRS / Math.SQRT2) * normal(key, 3 * seed + 1));
				values.set(seed, common + EFFECT + (WITHIN_PAIRS / Math.SQRT2) * normal(key, 3 * seed + 2));
			}
			const holds = ({ low, high }: { low: number | null; high: number | null }) => low! <= EFFECT && EFFECT <= high!;
			covered += Number(holds(pairedDifference(values, reference, level)));
			// Against a wrong pairing the interval still covers, but is wide enough to say nothing.
			const shifted = new Map([...reference].map(([seed, loss]) => [(seed + 1) % seeds, loss]));
			const wrong = pairedDifference(values, shifted, level);
			unpaired += (wrong.high! - wrong.low!) / STUDIES;
		}
		// Three standard errors of a share of 2,000.
		expect(Math.abs(covered / STUDIES - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / STUDIES));
		expect(unpaired).toBeGreaterThan(5 * WITHIN_PAIRS);
	});
});
