import { describe, expect, it } from "vitest";
import type { LineMark, Mark, Point } from "../../src/figures/figure.ts";
import { markShapes } from "../../src/figures/mark-shapes.ts";
import { cssColor, withOpacity } from "../../src/figures/palette.ts";
import { rich } from "../../src/figures/rich-text.ts";
import { initialView } from "../../src/figures/view.ts";
import { drawingOf, figureOf, pathsOf } from "./figure-fixture.ts";

const line = (points: readonly Point[], change: Partial<LineMark> = {}): LineMark => ({
	...{ kind: "line", points, color: "ink", width: 1 },
	...change,
});
const CORNERS: Point[] = [
	[0, 0],
	[10, 10],
];
const ink = cssColor("ink", "light");

const draw = (marks: readonly Mark[], change: Parameters<typeof drawingOf>[1] = {}) => {
	const figure = figureOf(marks);
	return markShapes(figure, drawingOf(figure, change));
};
const paths = (...args: Parameters<typeof draw>) => pathsOf(draw(...args));

describe("the shapes of marks", () => {
	it("lie where the axes put them, clipped to the plot", () => {
		const shape = draw([line(CORNERS)]);
		expect(shape).toMatchObject({ kind: "clip", box: { left: 0, top: 0, width: 100, height: 100 } });
		expect(pathsOf(shape)[0]).toMatchObject({
			lines: [
				[
					[0, 100],
					[100, 0],
				],
			],
			stroke: ink,
			width: 1,
		});
	});

	it("lines break where a logarithmic axis cannot show a point", () => {
		const points: Point[] = [
			[1, 1],
			[2, 2],
			[3, -1],
			[4, 4],
			[10, 10],
		];
		const figure = figureOf([line(points)]);
		const scales = { x: "log", y: "log" } as const;
		const [path] = pathsOf(markShapes(figure, drawingOf(figure, { scales })));
		expect(path!.lines.map((part) => part.length)).toEqual([2, 2]);
		const [whole] = pathsOf(markShapes(figure, drawingOf(figure)));
		expect(whole!.lines.map((part) => part.length)).toEqual([5]);
	});

	it("areas, bands and rules lie below lines, and dots above them", () => {
		const marks: Mark[] = [
			{ kind: "dots", color: "ink", points: [[5, 5]], shape: "diamond" },
			line(CORNERS),
			{ kind: "rule", color: "quiet", axis: "x", at: 5, width: 2, dash: [1, 2] },
			{ kind: "band", color: "total", x: [0, 10], low: [0, 2.5], high: [1, 7.5] },
			{
				kind: "area",
				color: "total",
				points: [
					[0, 0],
					[10, 0],
					[10, 10],
				],
			},
		];
		const found = paths(marks);
		expect(found.map(({ fill, width, closed }) => [fill !== undefined, width, closed ?? false])).toEqual([
			[true, undefined, true],
			[true, undefined, true],
			[false, 2, false],
			[false, 1, false],
			[true, 1.5, true],
		]);
		expect(found[0]!.lines).toEqual([
			[
				[0, 100],
				[100, 75],
				[100, 25],
				[0, 90],
			],
		]);
		expect(found[2]!.lines).toEqual([
			[
				[50, 0],
				[50, 100],
			],
		]);
	});

	it("bands reach down to the edge of a logarithmic plot where their low end is not above 0", () => {
		const figure = figureOf([
			line([
				[1, 1],
				[100, 100],
			]),
			{ kind: "band", color: "total", x: [1, 100], low: [-5, 0], high: [100, 10] },
		]);
		const ranges = { x: { min: 1, max: 100 }, y: { min: 1, max: 100 } };
		const drawing = drawingOf(figure, { scales: { x: "log", y: "log" }, window: ranges });
		expect(pathsOf(markShapes(figure, drawing))[0]!.lines).toEqual([
			[
				[0, 100],
				[100, 100],
				[100, 50],
				[0, 0],
			],
		]);
	});

	it("are hidden with any of their series", () => {
		const marks = [line(CORNERS, { series: ["a", "b"] }), line(CORNERS, { series: ["c"] })];
		expect(paths(marks, { hidden: new Set(["b"]) })).toHaveLength(1);
		expect(paths(marks, { hidden: new Set(["d"]) })).toHaveLength(2);
	});

	it("runs that stand out are bold and on top, and other runs fade; what belongs to no run stays", () => {
		const marks = [line(CORNERS, { runs: ["a"] }), line(CORNERS, { runs: ["b"], opacity: 0.5 }), line(CORNERS)];
		const [b, none, a] = paths(marks, { highlight: ["a"] });
		expect([a!.stroke, a!.width]).toEqual([ink, 1.75]);
		expect(b!.stroke).toBe(withOpacity(ink, 0.11));
		expect(none!.stroke).toBe(ink);
		expect(paths(marks, { highlight: ["unknown"] })).toEqual(paths(marks));
	});

	it("stretches of a line stand out for the runs they come from", () => {
		const stairs = line(
			[
				[0, 0],
				[5, 0],
				[5, 10],
				[10, 10],
			],
			{ pointRuns: [["a"], ["a"], ["b"], ["b"]] },
		);
		const [faint, bold] = paths([stairs], { highlight: ["b"] });
		expect(faint!.lines[0]).toHaveLength(4);
		expect(bold!.lines).toEqual([
			[
				[50, 0],
				[100, 0],
			],
		]);
		expect(bold!.stroke).toBe(ink);
	});

	it("noisy lines are thinned, and smoothed above their faint raw lines", () => {
		const noisy = line(
			Array.from({ length: 1001 }, (_, i): Point => [i / 100, i % 2]),
			{ noisy: true },
		);
		const [plain] = paths([noisy]);
		expect(plain!.lines[0]!.length).toBeLessThanOrEqual(26);
		const [raw, smoothed] = paths([noisy], { smoothing: 50 });
		expect(raw!.lines).toEqual(plain!.lines);
		expect(raw!.stroke).toBe(withOpacity(ink, 0.28));
		expect(smoothed!.stroke).toBe(ink);
		expect(paths([line(CORNERS)], { smoothing: 50 })).toHaveLength(1);
	});

	it("notes of what a zoomed figure does not show are left out, and others stay inside the plot", () => {
		const marks: Mark[] = [line(CORNERS), { kind: "note", color: "ink", at: [10, 5], text: rich("slope 0.54") }];
		const textsOf = (shape: ReturnType<typeof draw>) =>
			shape.kind === "clip" ? shape.shapes.filter((inner) => inner.kind === "text") : [];
		const [note] = textsOf(draw(marks));
		expect(note!.at[0]).toBeLessThan(50);
		expect(note!.at[1]).toBe(50);
		expect(textsOf(draw(marks, { window: { x: { min: 0, max: 5 }, y: { min: 0, max: 10 } } }))).toEqual([]);
	});

	it("begin with nothing hidden, smoothed, zoomed or highlighted", () => {
		expect(initialView(figureOf([]))).toEqual({
			...{ scales: { x: "linear", y: "linear" }, window: null, hidden: new Set(), smoothing: 1, highlight: [] },
		});
	});
});
