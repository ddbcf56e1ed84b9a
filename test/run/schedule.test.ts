import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScheduleSpec } from "../../src/run/schedule.ts";
import { isConstant, rateShare, stableSteps, stepAtShare, withoutTail } from "../../src/run/schedule.ts";
import { resolveSchedule } from "../../src/study/study-schedule.ts";

const shares = (schedule: ScheduleSpec, steps: number) =>
	Array.from({ length: steps }, (_, i) => rateShare(schedule, i + 1, steps));

const expectShares = (schedule: ScheduleSpec, expected: number[]) =>
	shares(schedule, expected.length).forEach((share, i) => {
		expect(share, `step ${i + 1}`).toBeCloseTo(expected[i]!, 14);
	});

describe("shares of the peak, step by step", () => {
	test("constant, after a warmup that is over at its last step", () => {
		expectShares({ kind: "constant", warmupSteps: 4, floor: 1 }, [0.25, 0.5, 0.75, 1, 1, 1]);
	});

	test("linear, to the floor at the last step", () => {
		expectShares({ kind: "linear", warmupSteps: 2, floor: 0.2 }, [0.5, 1, 0.8, 0.6, 0.4, 0.2]);
		expectShares({ kind: "linear", warmupSteps: 0, floor: 0 }, [0.75, 0.5, 0.25, 0]);
	});

	test("cosine: halfway between peak and floor in the middle", () => {
		const quarter = (1 + Math.SQRT1_2) / 2;
		expectShares({ kind: "cosine", warmupSteps: 1, floor: 0 }, [1, quarter, 0.5, 1 - quarter, 0]);
		expectShares({ kind: "cosine", warmupSteps: 1, floor: 0.5 }, [1, 0.5 + quarter / 2, 0.75, 1 - quarter / 2, 0.5]);
	});

	test("inverse square root, from the end of the warmup, not below the floor", () => {
		expectShares({ kind: "inverse-sqrt", warmupSteps: 2, floor: 0.6 }, [
			...[0.5, 1, Math.sqrt(2 / 3), Math.SQRT1_2, Math.sqrt(2 / 5), 0.6, 0.6],
		]);
		expectShares({ kind: "inverse-sqrt", warmupSteps: 0, floor: 0 }, [1, Math.SQRT1_2, Math.sqrt(1 / 3), 0.5]);
	});

	test("warmup, stable, decay: linear, and one minus a root", () => {
		const wsd = { kind: "wsd", warmupSteps: 2, floor: 0, cooldownSteps: 4 } as const;
		expectShares({ ...wsd, cooldown: "linear" }, [0.5, 1, 1, 1, 0.75, 0.5, 0.25, 0]);
		const root = (q: number) => 1 - Math.sqrt(q);
		expectShares({ ...wsd, cooldown: "1-sqrt" }, [0.5, 1, 1, 1, root(0.25), root(0.5), root(0.75), 0]);
		expectShares({ ...wsd, cooldown: "linear", floor: 0.2 }, [0.5, 1, 1, 1, 0.8, 0.6, 0.4, 0.2]);
	});

	test("piecewise: straight between points, the warmup on top", () => {
		const points: [number, number][] = [
			[0, 0.2],
			[0.5, 1],
			[1, 0],
		];
		expectShares({ kind: "piecewise", warmupSteps: 0, floor: 0, points }, [0.4, 0.6, 0.8, 1, 0.75, 0.5, 0.25, 0]);
		expectShares({ kind: "piecewise", warmupSteps: 4, floor: 0, points }, [0.1, 0.3, 0.6, 1, 0.75, 0.5, 0.25, 0]);
	});
});

describe("a tail", () => {
	const cosine = { kind: "cosine", warmupSteps: 2, floor: 0.1 } as const;

	test("has the trunk's shares, to the bit, up to the step where it leaves it, and then falls to its floor", () => {
		for (const [trunk, of] of [
			[cosine, 20],
			[{ kind: "wsd", warmupSteps: 2, floor: 0, cooldown: "1-sqrt", cooldownSteps: 8 }, 20],
			[{ kind: "inverse-sqrt", warmupSteps: 4, floor: 0 }, 31],
			[{ kind: "constant", warmupSteps: 3, floor: 1 }, 12],
		] as const) {
			const own = shares(trunk, of);
			const linear = shares({ ...trunk, tail: { after: 10, of, cooldown: "linear", floor: 0.02 } }, 15);
			expect(linear.slice(0, 10)).toEqual(own.slice(0, 10));
			const fall = (q: number) => 0.02 + (own[9]! - 0.02) * (1 - q);
			for (const [i, share] of linear.slice(10).entries()) expect(share).toBeCloseTo(fall((i + 1) / 5), 14);
			const root = shares({ ...trunk, tail: { after: 10, of, cooldown: "1-sqrt", floor: 0 } }, 14);
			expect(root.slice(0, 10)).toEqual(own.slice(0, 10));
			for (const [i, share] of root.slice(10).entries())
				expect(share).toBeCloseTo(own[9]! * (1 - Math.sqrt((i + 1) / 4)), 14);
		}
	});

	test("of a constant rate is a WSD schedule, whose steps at the peak it counts", () => {
		const tail = { after: 8, of: 10, cooldown: "linear", floor: 0 } as const;
		const constant = { kind: "constant", warmupSteps: 2, floor: 1, tail } as const;
		const wsd = { kind: "wsd", warmupSteps: 2, floor: 0, cooldown: "linear", cooldownSteps: 2 } as const;
		expectShares(constant, shares(wsd, 10));
		expect([stableSteps(constant, 10), isConstant(constant), isConstant(withoutTail(constant))]).toEqual([
			8,
			false,
			true,
		]);
		expect(stableSteps({ ...wsd, tail: { ...tail, after: 9 } }, 10)).toBe(8);
		expect(stableSteps({ ...cosine, tail }, 10)).toBe(0);
	});

	test("begins at the step where a decay of the same length does", () => {
		const length = fc.integer({ min: 2, max: 5000 });
		fc.assert(
			fc.property(length, fc.integer({ min: 1, max: 999 }), (steps, mille) => {
				const share = mille / 1000;
				const wsd = {
					kind: "wsd",
					floor: 0,
					cooldown: "linear",
					cooldownShare: Number((1 - share).toFixed(6)),
				} as const;
				const spec = resolveSchedule(wsd, steps, 1, { total: 1, nonEmbedding: 1 });
				expect(stepAtShare(share, steps)).toBe(stableSteps(spec, steps));
			}),
		);
	});
});

const anySchedule: fc.Arbitrary<ScheduleSpec> = fc.record({
	kind: fc.constantFrom<ScheduleSpec["kind"][]>("constant", "linear", "cosine", "inverse-sqrt", "wsd", "piecewise"),
	warmupSteps: fc.integer({ min: 0, max: 200 }),
	floor: fc.double({ min: 0, max: 1, noNaN: true }),
	cooldown: fc.constantFrom("linear", "1-sqrt"),
	cooldownSteps: fc.integer({ min: 1, max: 150 }),
	points: fc.constant<[number, number][]>([
		[0, 1],
		[0.25, 0],
		[1, 1],
	]),
	tail: fc.option(
		fc.record({
			after: fc.integer({ min: 1, max: 150 }),
			of: fc.integer({ min: 150, max: 300 }),
			cooldown: fc.constantFrom("linear", "1-sqrt"),
			floor: fc.double({ min: 0, max: 1, noNaN: true }),
		}),
		{ nil: undefined },
	),
});

test("every share is a number from 0 to 1, whatever the schedule and the length", () => {
	fc.assert(
		fc.property(anySchedule, fc.integer({ min: 1, max: 300 }), (schedule, steps) => {
			for (const share of shares(schedule, steps)) expect(share >= 0 && share <= 1).toBe(true);
		}),
	);
});

test("runs of any lengths have the same shares, to the bit, as long as both are stable", () => {
	const length = fc.integer({ min: 1, max: 300 });
	fc.assert(
		fc.property(anySchedule, anySchedule, length, length, (first, second, a, b) => {
			const other = { ...second, warmupSteps: first.warmupSteps };
			const common = Math.min(stableSteps(first, a), stableSteps(other, b));
			expect(shares(first, a).slice(0, common)).toEqual(shares(other, b).slice(0, common));
		}),
	);
});

test("a study's lengths in tokens and shares become steps of each run", () => {
	const counts = { total: 6000, nonEmbedding: 1000 };
	const wsd = { kind: "wsd", floor: 0, cooldown: "linear", cooldownShare: 0.2 } as const;
	expect(resolveSchedule({ ...wsd, warmupTokens: 5000 }, 101, 512, counts)).toEqual({
		...{ kind: "wsd", warmupSteps: 10, floor: 0, cooldown: "linear", cooldownSteps: 20 },
	});
	expect(resolveSchedule({ ...wsd, warmupShare: 0.1 }, 2, 512, counts)).toMatchObject({
		warmupSteps: 0,
		cooldownSteps: 1,
	});
	expect(resolveSchedule({ kind: "cosine", floor: 0.1, warmupSteps: 7 }, 100, 512, counts)).toEqual({
		...{ kind: "cosine", warmupSteps: 7, floor: 0.1 },
	});
	const asManyAsParameters = { coefficient: 1, exponent: 1 };
	expect(resolveSchedule({ ...wsd, warmupTokens: asManyAsParameters }, 100, 512, counts).warmupSteps).toBe(12);
	const nonEmbedding = { coefficient: 100, exponent: 0.5, parameters: "nonEmbedding" } as const;
	expect(resolveSchedule({ ...wsd, warmupTokens: nonEmbedding }, 100, 512, counts).warmupSteps).toBe(7);
	const tail = { afterShare: 0.5, cooldown: "linear", floor: 0 } as const;
	expect(resolveSchedule({ ...wsd, warmupShare: 0.1, tail }, 101, 512, counts)).toMatchObject({
		...{ warmupSteps: 10, cooldownSteps: 20, tail: { after: 50, of: 101, cooldown: "linear", floor: 0 } },
	});
	// Of a trunk with another length, all lengths are the trunk's.
	expect(
		resolveSchedule({ ...wsd, warmupShare: 0.1, tail: { ...tail, trunkTokens: 102_000 } }, 101, 512, counts),
	).toMatchObject({
		...{ warmupSteps: 20, cooldownSteps: 40, tail: { after: 100, of: 200, cooldown: "linear", floor: 0 } },
	});
	const points = [
		[0, 1],
		[1, 0.25],
	];
	expect(resolveSchedule({ kind: "piecewise", warmupShare: 0.5, points }, 10, 1, counts)).toEqual({
		...{ kind: "piecewise", warmupSteps: 5, floor: 0.25, points },
	});
});
