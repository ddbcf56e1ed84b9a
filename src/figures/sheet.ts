import type { AxisName, Figure, Point } from "./figure.ts";
import { labelShapes } from "./labels.ts";
import { type PlotLayout, plotLayout, type Size, TICK_LINE, TICK_ROOM, TICK_TEXT, tickCount } from "./layout.ts";
import { markShapes } from "./mark-shapes.ts";
import { cssColor, GRID, SURFACE, type Theme } from "./palette.ts";
import { type RichText, rich } from "./rich-text.ts";
import { type Axes, type Box, type Frame, shareOf } from "./scales.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";
import { legendShapes } from "./sheet-legend.ts";
import { axisTicks } from "./ticks.ts";
import { shownRanges, type View } from "./view.ts";
import { wrap } from "./wrap.ts";

const MARGIN = 16;
const TITLE = 17;
const TITLE_ROW = 23;
const TEXT = 13;
const ROW = 19;
/** CSS pixels between the parts of a sheet. */
const BETWEEN = 8;

/** A whole figure as a file shows it, title, axes and legend included, as the reader sees it now. Hidden series are left out. */
export function figureSheet(
	figure: Figure,
	view: View,
	{ width, height }: Size,
	theme: Theme,
	measure: MeasureText,
): DrawnShape[] {
	const ink = cssColor("ink", theme);
	const quiet = cssColor("quiet", theme);
	const lines = (text: RichText, size: number, bold = false) =>
		wrap(text, width - 2 * MARGIN, (part) => measure({ text: part, size, bold, serif: bold }));
	const title = lines(figure.title, TITLE, true);
	const [yLabel, xLabel] = [lines(figure.y.label, TEXT), lines(figure.x.label, TEXT)];
	const legend = legendShapes(figure, view, width - 2 * MARGIN, theme, measure);
	const layout = plotLayout(figure, view, width - 2 * MARGIN, measure);

	const labelTop = MARGIN + title.length * TITLE_ROW;
	const legendTop = height - MARGIN - legend.height;
	const xLabelTop = legendTop - (legend.height > 0 ? BETWEEN : 0) - xLabel.length * ROW;
	const top = labelTop + yLabel.length * ROW + BETWEEN;
	const box: Box = {
		left: MARGIN + TICK_ROOM.y,
		top,
		width: width - 2 * MARGIN - TICK_ROOM.y - layout.right,
		height: xLabelTop - layout.bottom + BETWEEN - top,
	};
	const shapes: DrawnShape[] = [
		{ kind: "path", lines: [cornersOf({ left: 0, top: 0, width, height })], closed: true, fill: SURFACE[theme] },
		...title.map((text, row): DrawnShape => {
			const at: Point = [MARGIN, MARGIN + (row + 0.5) * TITLE_ROW];
			return { kind: "text", at, text, size: TITLE, color: ink, bold: true, serif: true };
		}),
		...yLabel.map((text, row): DrawnShape => {
			return { kind: "text", at: [MARGIN, labelTop + (row + 0.5) * ROW], text, size: TEXT, color: quiet };
		}),
		...xLabel.map((text, row): DrawnShape => {
			const at: Point = [width - MARGIN, xLabelTop + (row + 0.5) * ROW];
			return { kind: "text", at, text, size: TEXT, color: quiet, anchor: "end" };
		}),
		...legend.shapesAt(MARGIN, legendTop),
	];
	const ranges = shownRanges(figure, view);
	if (!ranges) {
		const center: Point = [width / 2, box.top + box.height / 2];
		return [
			...shapes,
			{ kind: "text", at: center, text: rich(figure.empty), size: TEXT, color: quiet, anchor: "middle" },
		];
	}
	const drawing = { frame: { box, ranges, scales: view.scales }, view, theme, measure };
	return [
		...shapes,
		...axisShapes(figure, drawing.frame, layout.categories, theme),
		markShapes(figure, drawing),
		...labelShapes(figure.marks, drawing, layout.right),
	];
}

function cornersOf({ left, top, width, height }: Box): Point[] {
	return [
		[left, top],
		[left + width, top],
		[left + width, top + height],
		[left, top + height],
	];
}

function axisShapes(
	figure: Figure,
	{ box, ranges, scales }: Frame,
	categories: PlotLayout["categories"],
	theme: Theme,
): DrawnShape[] {
	const text = { kind: "text", size: TICK_TEXT, color: cssColor("quiet", theme) } as const;
	const [bottom, right] = [box.top + box.height, box.left + box.width];
	const along: Axes<number> = { x: box.width, y: box.height };
	const ticksOf = (axis: AxisName) =>
		axisTicks(figure[axis], ranges[axis], scales[axis], tickCount(axis, along[axis])).map((value) => {
			const share = shareOf(value, ranges[axis], scales[axis]);
			return { value, share, label: rich(figure[axis].tick(value)) };
		});
	const across = ticksOf("x").flatMap(({ value, share, label }): DrawnShape[] => {
		const x = box.left + share * box.width;
		const lines = categories?.[value] ?? [label];
		return [
			...(categories ? [] : [gridLine([x, box.top], [x, bottom + 4], theme)]),
			...lines.map((line, row): DrawnShape => {
				return { ...text, at: [x, bottom + 14 + row * TICK_LINE], text: line, anchor: "middle" };
			}),
		];
	});
	const up = ticksOf("y").flatMap(({ share, label }): DrawnShape[] => {
		const y = bottom - share * box.height;
		return [
			gridLine([box.left - 4, y], [right, y], theme),
			{ ...text, at: [box.left - 8, y], text: label, anchor: "end" },
		];
	});
	return [...across, ...up];
}

function gridLine(from: Point, to: Point, theme: Theme): DrawnShape {
	return { kind: "path", lines: [[from, to]], stroke: GRID[theme], width: 1 };
}
