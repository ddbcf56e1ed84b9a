import type { Figure, LegendItem, Point } from "./figure.ts";
import { dotShape } from "./mark-shapes.ts";
import { cssColor, SURFACE, type Theme } from "./palette.ts";
import { type RichText, rich } from "./rich-text.ts";
import type { DrawnShape, MeasureText } from "./shapes.ts";
import type { View } from "./view.ts";
import { wrap } from "./wrap.ts";

const TEXT = 13;
const ROW = 19;
const SWATCH = 34;
const GAP = 18;

/** Shapes of a legend of known height, once it is known where its top is. */
export interface PlacedLegend {
	readonly height: number;
	readonly shapesAt: (left: number, top: number) => DrawnShape[];
}

/** The legend in rows of a width in CSS pixels; an item that is wider has several. */
export function legendShapes(
	figure: Figure,
	view: View,
	width: number,
	theme: Theme,
	measure: MeasureText,
): PlacedLegend {
	const shown = figure.legend.filter(({ series }) => !series || !view.hidden.has(series));
	const smoothed = { text: rich(`smoothed over about ${view.smoothing} points; faint: as measured`) };
	const items: LegendItem[] = view.smoothing > 1 ? [...shown, smoothed] : shown;
	const widthOf = (text: RichText) => measure({ text, size: TEXT });
	let [x, row] = [0, 0];
	const placed = items.map((item) => {
		const swatch = item.line || item.dot ? SWATCH + 6 : 0;
		const lines = wrap(item.text, width - swatch, widthOf);
		const length = swatch + Math.max(...lines.map(widthOf));
		if (x > 0 && x + length > width) [x, row] = [0, row + 1];
		const at = { item, lines, x, row, swatch };
		row += lines.length - 1;
		x += length + GAP;
		return at;
	});
	return {
		height: items.length === 0 ? 0 : (row + 1) * ROW,
		shapesAt: (left, top) =>
			placed.flatMap(({ item, lines, x, row, swatch }): DrawnShape[] => {
				const y = top + (row + 0.5) * ROW;
				const color = cssColor(swatch ? "ink" : "quiet", theme);
				return [
					...swatchShapes(item, [left + x, y], theme),
					...lines.map((text, i): DrawnShape => {
						return { kind: "text", at: [left + x + swatch, y + i * ROW], text, size: TEXT, color };
					}),
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
