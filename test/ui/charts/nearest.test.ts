import { describe, expect, it } from "vitest";
import type { Mark, Point } from "../../../src/figures/figure.ts";
import { nearest } from "../../../src/ui/charts/nearest.ts";
import { drawingOf, figureOf } from "../../figures/figure-fixture.ts";

const marks: Mark[] = [
	{
		...{ kind: "line", color: "ink", width: 1, runs: ["a"], series: ["lines"] },
		points: [
			[0, 0],
			[5, 5],
			[10, 10],
		],
		describe: ([x, y]: Point) => `line at ${x}, ${y}`,
	},
	{
		...{ kind: "dots", color: "ink", shape: "circle", pointRuns: [["b", "c"]] },
		points: [[6, 5]],
		describe: (i: number) => `dot ${i}`,
	},
	{ kind: "line", color: "ink", width: 1, points: [[0, 10]] },
];
const figure = figureOf(marks);
const at = (x: number, y: number, change: Parameters<typeof drawingOf>[1] = {}) =>
	nearest(figure, drawingOf(figure, change), [x, y]);

describe("what lies under the pointer", () => {
	it("is the nearest described point, with its runs", () => {
		expect(at(97, 4)).toEqual({ at: [100, 0], text: "line at 10, 10", runs: ["a"] });
	});

	it("is rather a dot than a line, since dots are small", () => {
		expect(at(54, 50)).toEqual({ at: [60, 50], text: "dot 0", runs: ["b", "c"] });
	});

	it("is the end of a bar", () => {
		const bars = [{ at: 2, from: 9, to: 4 }];
		const bar = figureOf([
			{ kind: "bars", color: "ink", width: 1, bars, runs: ["d"], describe: (i) => `bar ${i}` },
			...marks,
		]);
		expect(nearest(bar, drawingOf(bar), [21, 61])).toEqual({ at: [20, 60], text: "bar 0", runs: ["d"] });
	});

	it("is nothing far from all, and no mark without a description", () => {
		expect(at(100, 100)).toBeNull();
		expect(at(0, 0)).toBeNull();
	});

	it("is never hidden", () => {
		expect(at(97, 4, { hidden: new Set(["lines"]) })).toBeNull();
	});

	it("says so where a line is smoothed", () => {
		const noisy = figureOf([{ ...marks[0], noisy: true } as Mark]);
		const hit = nearest(noisy, drawingOf(noisy, { smoothing: 10 }), [100, 40]);
		expect(hit!.text).toMatch(/^line at 10, .* \(smoothed\)$/);
	});
});
