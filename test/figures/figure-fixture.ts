import type { Drawing } from "../../src/figures/drawing.ts";
import type { Figure, Mark } from "../../src/figures/figure.ts";
import { rich } from "../../src/figures/rich-text.ts";
import { figureRanges } from "../../src/figures/scales.ts";
import type { DrawnShape, PathShape } from "../../src/figures/shapes.ts";
import { estimateWidth } from "../../src/figures/text-width.ts";
import { plainTick } from "../../src/figures/ticks.ts";
import { initialView, type View } from "../../src/figures/view.ts";

/** A figure with linear axes that shows the marks, and no more than them. */
export function figureOf(marks: readonly Mark[], change: Partial<Figure> = {}): Figure {
	return {
		name: "test",
		title: rich("A test"),
		x: { label: rich("x"), scale: "linear", tick: plainTick, pad: 0 },
		y: { label: rich("y"), scale: "linear", tick: plainTick, pad: 0 },
		marks,
		legend: [],
		table: { caption: "values", columns: [], rows: [] },
		summary: "A test.",
		empty: "Nothing yet.",
		...change,
	};
}

/** The figure in a plot of 100 × 100 CSS pixels. */
export function drawingOf(figure: Figure, change: Partial<View> = {}): Drawing {
	const view = { ...initialView(figure), ...change };
	const ranges = view.window ?? figureRanges(figure, view.scales)!;
	const frame = { box: { left: 0, top: 0, width: 100, height: 100 }, ranges, scales: view.scales };
	return { frame, view, theme: "light", measure: estimateWidth };
}

/** All paths, those within clips too. */
export function pathsOf(shape: DrawnShape): PathShape[] {
	if (shape.kind === "clip") return shape.shapes.flatMap(pathsOf);
	return shape.kind === "path" ? [shape] : [];
}
