import type { Figure, LegendItem, Point } from "./figure.ts";
import { type Size, TICK_ROOM, tickCount } from "./layout.ts";
import { dotShape, markShapes } from "./mark-shapes.ts";
import { cssColor, GRID, SURFACE, type Theme } from "./palette.ts";
import { rich } from "./rich-text.ts";
import { type Axes, type Box, type Frame, type Range, shareOf } from "./scales.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";
import { ticks } from "./ticks.ts";
import { shownRanges, type View } from "./view.ts";

const MARGIN = 16;
const TITLE = 17;
const TEXT = 13;
const TICK_TEXT = 12;
const ROW = 21;
const SWATCH = 34;
const GAP = 18;

/** A whole figure as a file shows it, title, axes and legend included, as the reader sees it now. Hidden series are left out. */
export function figureSheet(
	figure: Figure,
	view: View,
	{ width, height }: Size,
	theme: Theme,
	measure: MeasureText,
): DrawnShape[] {
	const legend = legendShapes(figure, view, width, theme, measure);
	const box: Box = {
		left: MARGIN + TICK_ROOM.y,
		top: MARGIN + 2 * ROW + 6,
		width: width - 2 * MARGIN - TICK_ROOM.y,
		height: height - 2 * MARGIN - 2 * ROW - 6 - TICK_ROOM.x - ROW - legend.height,
	};
	const ranges = shownRanges(figure, view);
	const ink = cssColor("ink", theme);
	const quiet = cssColor("quiet", theme);
	const shapes: DrawnShape[] = [
		{ kind: "path", lines: [cornersOf({ left: 0, top: 0, width, height })], closed: true, fill: SURFACE[theme] },
		{
			kind: "text",
			at: [MARGIN, MARGIN + ROW / 2],
			text: figure.title,
			size: TITLE,
			color: ink,
			bold: true,
			serif: true,
		},
		{ kind: "text", at: [MARGIN, MARGIN + 1.5 * ROW], text: figure.y.label, size: TEXT, color: quiet },
		{
			...{ kind: "text", at: [width - MARGIN, box.top + box.height + TICK_ROOM.x + ROW / 2 - 6] },
			...{ text: figure.x.label, size: TEXT, color: quiet, anchor: "end" },
		},
		...legend.shapesAt(height - MARGIN - legend.height),
	];
	if (!ranges) {
		const center: Point = [width / 2, box.top + box.height / 2];
		return [
			...shapes,
			{ kind: "text", at: center, text: rich(figure.empty), size: TEXT, color: quiet, anchor: "middle" },
		];
	}
	const frame: Frame = { box, ranges, scales: view.scales };
	return [...shapes, ...axisShapes(figure, frame, theme), markShapes(figure, { frame, view, theme, measure })];
}

function cornersOf({ left, top, width, height }: Box): Point[] {
	return [
		[left, top],
		[left + width, top],
		[left + width, top + height],
		[left, top + height],
	];
}

function axisShapes(figure: Figure, { box, ranges, scales }: Frame, theme: Theme): DrawnShape[] {
	const color = cssColor("quiet", theme);
	const along: Axes<{ length: number; range: Range }> = {
		x: { length: box.width, range: ranges.x },
		y: { length: box.height, range: ranges.y },
	};
	return (["x", "y"] as const).flatMap((axis) => {
		const { length, range } = along[axis];
		return ticks(range, scales[axis], tickCount(axis, length)).flatMap((value): DrawnShape[] => {
			const share = shareOf(value, range, scales[axis]);
			const text = rich(figure[axis].tick(value));
			const [bottom, right] = [box.top + box.height, box.left + box.width];
			if (axis === "x") {
				const x = box.left + share * box.width;
				return [
					gridLine([x, box.top], [x, bottom + 4], theme),
					{ kind: "text", at: [x, bottom + 14], text, size: TICK_TEXT, color, anchor: "middle" },
				];
			}
			const y = bottom - share * box.height;
			return [
				gridLine([box.left - 4, y], [right, y], theme),
				{ kind: "text", at: [box.left - 8, y], text, size: TICK_TEXT, color, anchor: "end" },
			];
		});
	});
}

function gridLine(from: Point, to: Point, theme: Theme): DrawnShape {
	return { kind: "path", lines: [[from, to]], stroke: GRID[theme], width: 1 };
}

/** The legend in rows as wide as the sheet. */
function legendShapes(figure: Figure, view: View, width: number, theme: Theme, measure: MeasureText) {
	const shown = figure.legend.filter(({ series }) => !series || !view.hidden.has(series));
	const smoothed = { text: rich(`smoothed over about ${view.smoothing} points; faint: as measured`) };
	const items: LegendItem[] = view.smoothing > 1 ? [...shown, smoothed] : shown;
	let [x, row] = [MARGIN, 0];
	const placed = items.map((item) => {
		const swatch = item.line || item.dot ? SWATCH + 6 : 0;
		const length = swatch + measure({ text: item.text, size: TEXT });
		if (x > MARGIN && x + length > width - MARGIN) [x, row] = [MARGIN, row + 1];
		const at = { item, x, row, swatch };
		x += length + GAP;
		return at;
	});
	return {
		height: items.length === 0 ? 0 : (row + 1) * ROW,
		shapesAt: (top: number) =>
			placed.flatMap(({ item, x, row, swatch }): DrawnShape[] => {
				const y = top + (row + 0.5) * ROW;
				const color = cssColor(swatch ? "ink" : "quiet", theme);
				return [
					...swatchShapes(item, [x, y], theme),
					{ kind: "text", at: [x + swatch, y], text: item.text, size: TEXT, color },
				];
			}),
	};
}

function swatchShapes({ line, dot }: LegendItem, [x, y]: Point, theme: Theme): DrawnShape[] {
	const shapes: DrawnShape[] = [];
	if (line) {
		const { width, dash } = line;
		shapes.push({
			kind: "path",
			lines: [
				[
					[x, y],
					[x + SWATCH, y],
				],
			],
			stroke: cssColor(line.color, theme),
			width,
			dash,
		});
	}
	if (dot) shapes.push(dotShape([x + SWATCH / 2, y], dot.shape, 4, cssColor(dot.color, theme), SURFACE[theme]));
	return shapes;
}
