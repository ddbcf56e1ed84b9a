import { describe, expect, it } from "vitest";
import type { BarsMark, DotsMark, Mark, Point } from "../../src/figures/figure.ts";
import { markShapes } from "../../src/figures/mark-shapes.ts";
import { cssColor, withOpacity } from "../../src/figures/palette.ts";
import { figureRanges } from "../../src/figures/scales.ts";
import { drawingOf, figureOf, pathsOf } from "./figure-fixture.ts";

const LINEAR = { x: "linear", y: "linear" } as const;
const LOG = { x: "linear", y: "log" } as const;
const ink = cssColor("ink", "light");
const frameMark: Mark = {
	...{ kind: "line", color: "quiet", width: 1 },
	points: [
		[0, 0],
		[10, 10],
	],
};
const dots = (intervals: DotsMark["intervals"]): DotsMark => ({
	...{ kind: "dots", color: "ink", shape: "circle", intervals },
	points: [
		[2, 5],
		[8, 5],
	],
});
const rounded = ([x, y]: Point) => [Number(x.toFixed(6)), Number(y.toFixed(6))];
const draw = (mark: Mark, change: Parameters<typeof drawingOf>[1] = {}) => {
	const figure = figureOf([frameMark, mark]);
	return pathsOf(markShapes(figure, drawingOf(figure, change)))
		.filter(({ stroke }) => stroke === ink)
		.map((path) => ({ ...path, lines: path.lines.map((line) => line.map(rounded)) }));
};

describe("error bars", () => {
	it("join the ends of each interval, along either axis, with caps", () => {
		const [first, second, ...others] = draw(dots({ y: [[4, 7], null], x: [null, [7, 9]] }));
		expect(first!.lines).toEqual([
			[
				[20, 60],
				[20, 30],
			],
			[
				[16, 60],
				[24, 60],
			],
			[
				[16, 30],
				[24, 30],
			],
		]);
		expect(second!.lines[0]).toEqual([
			[70, 50],
			[90, 50],
		]);
		expect(second!.lines[1]).toEqual([
			[70, 46],
			[70, 54],
		]);
		expect(others).toEqual([]);
	});

	it("reach the edge without a cap where an end is infinite, or no logarithm exists", () => {
		const [open] = draw(dots({ y: [[4, Infinity], null] }));
		expect(open!.lines).toEqual([
			[
				[20, 60],
				[20, 0],
			],
			[
				[16, 60],
				[24, 60],
			],
		]);
		const window = { x: { min: 0, max: 10 }, y: { min: 1, max: 100 } };
		const [low] = draw(dots({ y: [[-1, 10], null] }), { scales: LOG, window });
		expect(low!.lines[0]).toEqual([
			[20, 100],
			[20, 50],
		]);
		expect(low!.lines).toHaveLength(2);
	});

	it("are within what the axes show", () => {
		const figure = figureOf([dots({ y: [[-3, 6], null], x: [null, [7, Infinity]] })]);
		expect(figureRanges(figure, LINEAR)).toEqual({ x: { min: 2, max: 8 }, y: { min: -3, max: 6 } });
	});
});

describe("bars", () => {
	const bars: BarsMark = {
		...{ kind: "bars", color: "ink", width: 2, joined: true },
		bars: [
			{ at: 2, from: 8, to: 8 },
			{ at: 5, from: 8, to: 3 },
		],
	};

	it("lie between their values, and are joined where each ends", () => {
		const [joins, boxes] = draw(bars);
		expect(joins!.lines).toEqual([
			[
				[30, 20],
				[40, 20],
			],
		]);
		expect(joins!.dash).toBeDefined();
		expect(boxes).toMatchObject({ closed: true, fill: withOpacity(ink, 0.45) });
		expect(boxes!.lines[1]).toEqual([
			[40, 20],
			[60, 20],
			[60, 70],
			[40, 70],
		]);
		expect(draw({ ...bars, joined: false })).toHaveLength(1);
	});

	it("stand on the edge of a logarithmic plot where they begin at 0", () => {
		const window = { x: { min: 0, max: 10 }, y: { min: 1, max: 100 } };
		const [boxes] = draw({ ...bars, bars: [{ at: 5, from: 0, to: 10 }] }, { scales: LOG, window }).slice(-1);
		expect(boxes!.lines[0]).toEqual([
			[40, 100],
			[60, 100],
			[60, 50],
			[40, 50],
		]);
	});

	it("fit into the axes with their whole width", () => {
		expect(figureRanges(figureOf([bars]), LINEAR)).toEqual({ x: { min: 1, max: 6 }, y: { min: 3, max: 8 } });
	});
});
