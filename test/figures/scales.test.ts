import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineMark, Mark, Point } from "../../src/figures/figure.ts";
import { figureRanges, leftOutCount, placer, rangeOf, shareOf, valueAt } from "../../src/figures/scales.ts";
import { figureOf } from "./figure-fixture.ts";

const line = (points: Point[], change: Partial<LineMark> = {}): LineMark => ({
	...{ kind: "line", points, color: "ink", width: 1 },
	...change,
});
const LOG = { x: "log", y: "log" } as const;
const LINEAR = { x: "linear", y: "linear" } as const;

describe("rangeOf", () => {
	it("widens a logarithmic range in logs and skips what has no logarithm", () => {
		const range = rangeOf([100, 0, -5, Number.NaN, Infinity, 10_000], "log", 0.1)!;
		expect(range.min).toBeCloseTo(100 / 100 ** 0.1);
		expect(range.max).toBeCloseTo(10_000 * 100 ** 0.1);
	});

	it("leaves more room at the upper end where asked to", () => {
		expect(rangeOf([1, 100], "log", 0.5, 1)).toEqual({ min: 0.1, max: 1000 * 1e4 });
		expect(rangeOf([0, 10], "linear", 0, 0.1)).toEqual({ min: 0, max: 11 });
	});

	it("keeps negative values on a linear axis", () => {
		expect(rangeOf([-2, Number.NaN, 8], "linear", 0.1)).toEqual({ min: -3, max: 9 });
	});

	it("gives one value some room, and nothing none", () => {
		expect(rangeOf([5], "log", 0.06)).toEqual({ min: 5 / 1.1, max: 5 * 1.1 });
		expect(rangeOf([5], "linear", 0)).toEqual({ min: 4.5, max: 5.5 });
		expect(rangeOf([0], "linear", 0)).toEqual({ min: -0.1, max: 0.1 });
		expect(rangeOf([], "log", 0.1)).toBeNull();
		expect(rangeOf([-1], "log", 0.1)).toBeNull();
	});
});

describe("shareOf and valueAt", () => {
	it("undo each other", () => {
		const positive = fc.double({ min: 1e-9, max: 1e15, noNaN: true });
		fc.assert(
			fc.property(
				positive,
				fc.double({ min: 1.01, max: 1e9, noNaN: true }),
				fc.double({ min: -1, max: 2, noNaN: true }),
				fc.constantFrom("log" as const, "linear" as const),
				(min, factor, share, scale) => {
					const range = { min, max: min * factor };
					expect(shareOf(valueAt(share, range, scale), range, scale)).toBeCloseTo(share, 6);
				},
			),
		);
	});

	it("puts the middle of a logarithmic axis at the geometric mean", () => {
		expect(shareOf(10, { min: 1, max: 100 }, "log")).toBeCloseTo(0.5);
		expect(shareOf(10, { min: 0, max: 100 }, "linear")).toBeCloseTo(0.1);
	});
});

describe("a plot", () => {
	it("has small values at the left and at the bottom", () => {
		const frame = {
			box: { left: 10, top: 20, width: 100, height: 50 },
			ranges: { x: { min: 1, max: 100 }, y: { min: 0, max: 1 } },
			scales: { x: "log", y: "linear" },
		} as const;
		expect(placer(frame)([1, 0])).toEqual([10, 70]);
		expect(placer(frame)([10, 1])).toEqual([60, 20]);
	});
});

describe("the ranges of a figure", () => {
	it("span its marks, save those that the axes do not stretch for", () => {
		const figure = figureOf([
			line([
				[1, 2],
				[3, 4],
			]),
			line([[100, 100]], { stretch: false }),
			{ kind: "band", color: "ink", x: [2, 4], low: [1, 1], high: [5, 6] },
			{ kind: "rule", color: "ink", axis: "y", at: 8, width: 1 },
			{ kind: "note", color: "ink", at: [50, 50], text: [] },
		]);
		expect(figureRanges(figure, LINEAR)).toEqual({ x: { min: 1, max: 4 }, y: { min: 1, max: 8 } });
	});

	it("include what an axis is told to, once there is a mark", () => {
		const told = (marks: Mark[]) => ({ ...figureOf(marks), x: { ...figureOf([]).x, includes: [0, 20] } });
		expect(figureRanges(told([line([[1, 2]]), line([[3, 4]])]), LINEAR)!.x).toEqual({ min: 0, max: 20 });
		expect(figureRanges(told([]), LINEAR)).toBeNull();
	});

	it("leave out what a logarithmic axis cannot show, in both coordinates, and count it", () => {
		const figure = figureOf([
			line([
				[1, 1],
				[1000, -1],
				[0, 5],
				[10, 2],
				[5, Number.NaN],
			]),
		]);
		expect(figureRanges(figure, LOG)!.x.max).toBeCloseTo(11);
		expect(leftOutCount(figure, LOG)).toBe(3);
		expect(leftOutCount(figure, LINEAR)).toBe(1);
	});

	it("do not exist where nothing can be shown", () => {
		expect(figureRanges(figureOf([]), LINEAR)).toBeNull();
		expect(figureRanges(figureOf([line([[1, -1]])]), LOG)).toBeNull();
	});
});
