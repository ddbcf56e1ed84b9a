import { describe, expect, it } from "vitest";
import type { LineMark, Point } from "../../src/figures/figure.ts";
import { labelRoom, labelShapes } from "../../src/figures/labels.ts";
import { plotLayout } from "../../src/figures/layout.ts";
import { cssColor } from "../../src/figures/palette.ts";
import { rich } from "../../src/figures/rich-text.ts";
import type { TextShape } from "../../src/figures/shapes.ts";
import { estimateWidth } from "../../src/figures/text-width.ts";
import { initialView } from "../../src/figures/view.ts";
import { drawingOf, figureOf } from "./figure-fixture.ts";

const line = (name: string, points: Point[]): LineMark => ({
	...{ kind: "line", color: "total", width: 1, series: [name] },
	...{ points, label: rich(name) },
});
const marks = [
	line("high", [
		[0, 0],
		[10, 10],
	]),
	line("long and low", [
		[0, 0],
		[10, 5],
	]),
];
const labels = (change: Parameters<typeof drawingOf>[1] = {}, of = marks) =>
	labelShapes(of, drawingOf(figureOf(of), change), 100) as TextShape[];
const widthOf = (name: string) => estimateWidth({ text: rich(name), size: 12, bold: true });

describe("labels of lines", () => {
	it("stand beside the last point, outside the plot, in the line's color", () => {
		const [high, low] = labels();
		expect(high).toMatchObject({ text: rich("high"), color: cssColor("total", "light"), at: [108, 7.5] });
		expect(low!.at).toEqual([108, 50]);
	});

	it("move apart where lines end together, by as much up as down", () => {
		const together = [line("a", [[10, 5]]), line("b", [[10, 5]]), line("c", [[10, 5]])];
		const heights = labels({ window: { x: { min: 0, max: 10 }, y: { min: 0, max: 10 } } }, together).map(
			({ at }) => at[1],
		);
		for (const [i, height] of [35, 50, 65].entries()) expect(heights[i]).toBeCloseTo(height, 3);
	});

	it("stand at the last point that a zoomed plot shows", () => {
		const points: Point[] = Array.from({ length: 11 }, (_, i) => [i, i]);
		const window = { x: { min: 0, max: 5 }, y: { min: 0, max: 10 } };
		expect(labels({ window }, [line("all", points)])[0]!.at).toEqual([108, 50]);
		expect(labels({ window: { ...window, y: { min: 20, max: 30 } } }, [line("all", points)])).toEqual([]);
	});

	it("need room for the longest, no more than a third of the plot or so, and none where their lines are hidden", () => {
		const view = initialView(figureOf(marks));
		expect(labelRoom(marks, view, 1000, estimateWidth)).toBe(Math.ceil(widthOf("long and low") + 16));
		expect(labelRoom(marks, view, 100, estimateWidth)).toBe(35);
		const hidden = { ...view, hidden: new Set(["long and low"]) };
		expect(labelRoom(marks, hidden, 1000, estimateWidth)).toBe(Math.ceil(widthOf("high") + 16));
		expect(labels({ hidden: new Set(["high"]) })).toHaveLength(1);
		expect(labelRoom([{ ...marks[0]!, label: undefined }], view, 1000, estimateWidth)).toBe(0);
		const { right } = plotLayout(figureOf(marks), view, 1000, estimateWidth);
		expect(right).toBe(labelRoom(marks, view, 1000, estimateWidth));
	});
});
