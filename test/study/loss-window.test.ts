import { expect, test } from "vitest";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { gapAt, hasMeasuredGap, lossAt } from "../../src/study/loss-window.ts";

/** A curve of points that end after the given steps of ten tokens each, with the step as the loss. */
function curveOf(ends: number[]) {
	const begins = [0, ...ends];
	return {
		tokens: ends.map((end, i) => (10 * (begins[i]! + 1 + end)) / 2),
		loss: ends.map((end) => end),
	};
}

const curve = curveOf([1, 2, 10, 20, 30, 42, 45, 50, 60, 80, 88, 100, 130]);

test("windows end at the step and at half of it, begin at four fifths of them, and weigh points by their steps", () => {
	const { late, early } = lossAt(curve, 100, 10);
	expect(late).toBeCloseTo((8 * 88 + 12 * 100) / 20, 12);
	expect(early).toBeCloseTo((3 * 45 + 5 * 50) / 8, 12);
});

test("points that were incomplete at the step count for nothing, so a longer curve gives the same", () => {
	for (const step of [88, 95, 99]) {
		const cut = { tokens: curve.tokens.slice(0, 11), loss: curve.loss.slice(0, 11) };
		expect(lossAt(curve, step, 10)).toEqual(lossAt(cut, step, 10));
	}
	expect(lossAt(curve, 99, 10).late).toBe(88);
});

test("a gap is carried to the end by the logarithm of the tokens if it closes, and stays if it widens", () => {
	expect(gapAt({ late: 3.4, early: 4 }, { late: 3.1, early: 3.2 }, 0.25).atEnd).toBeCloseTo(0.3 - 2 * 0.5, 12);
	expect(gapAt({ late: 3.4, early: 3.3 }, { late: 3.1, early: 3.2 }, 0.25).atEnd).toBeCloseTo(0.3, 12);
	expect(gapAt({ late: 3.4, early: 3.3 }, { late: 3.1, early: 3.2 }, 0.25).now).toBeCloseTo(0.3, 12);
});

test("nothing is measured within the warmup, or in too few steps", () => {
	const spec = (warmupSteps: number) => ({ schedule: { kind: "constant", warmupSteps, floor: 0 } }) as RunSpec;
	expect(hasMeasuredGap(spec(0), 20)).toBe(true);
	expect(hasMeasuredGap(spec(0), 19)).toBe(false);
	expect(hasMeasuredGap(spec(40), 100)).toBe(true);
	expect(hasMeasuredGap(spec(41), 100)).toBe(false);
});
