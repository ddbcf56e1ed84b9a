import type { Drawing } from "./drawing.ts";
import type { BarsMark, DotsMark, Interval, Point } from "./figure.ts";
import { fadedColor } from "./palette.ts";
import { type Frame, isShown, placer } from "./scales.ts";
import type { DrawnShape } from "./shapes.ts";

/** Half the length of the caps of error bars, and the width of their lines, CSS pixels. */
const CAP = 4;
const WIDTH = 1.5;
/** Opacity of a bar inside its outline. */
const FILL = 0.45;
const JOIN_DASH = [3, 3];

/** The error bars of one dot. */
export function intervalShapes(mark: DotsMark, index: number, frame: Frame, color: string): DrawnShape[] {
	const lines = (["x", "y"] as const).flatMap((axis) => {
		const interval = mark.intervals?.[axis]?.[index];
		return interval ? errorBar(mark.points[index]!, axis, interval, frame) : [];
	});
	return lines.length === 0 ? [] : [{ kind: "path", lines, stroke: color, width: WIDTH }];
}

/** The line between both ends with caps; an end that the axis cannot show lies at the plot's edge, without a cap. */
function errorBar(point: Point, axis: "x" | "y", interval: Interval, frame: Frame): Point[][] {
	const scale = frame.scales[axis];
	const { min, max } = frame.ranges[axis];
	const edges = [min, max] as const;
	const place = placer(frame);
	const ends = interval.map((end, i) => {
		const value = isShown(end, scale) ? end : edges[i as 0 | 1];
		return place(axis === "x" ? [value, point[1]] : [point[0], value]);
	});
	const caps = ends
		.filter((_, i) => isShown(interval[i]!, scale))
		.map(([x, y]): Point[] => {
			const [dx, dy] = axis === "x" ? [0, CAP] : [CAP, 0];
			return [
				[x - dx, y - dy],
				[x + dx, y + dy],
			];
		});
	return [ends, ...caps];
}

/** Bars with what joins them. */
export function barShapes(
	{ bars, width, joined, color }: BarsMark,
	{ frame, theme }: Drawing,
	fade: number,
): DrawnShape[] {
	const place = placer(frame);
	const up = (value: number) => (isShown(value, frame.scales.y) ? value : frame.ranges.y.min);
	const corners = bars.map(({ at, from, to }) => {
		const [left, start] = place([at - width / 2, up(from)]);
		const [right, end] = place([at + width / 2, up(to)]);
		return { left, right, start, end };
	});
	const stroke = fadedColor(color, fade, theme);
	const boxes = corners.map(({ left, right, start, end }): Point[] => [
		[left, start],
		[right, start],
		[right, end],
		[left, end],
	]);
	const joins = corners.slice(1).map(({ left }, i): Point[] => [
		[corners[i]!.right, corners[i]!.end],
		[left, corners[i]!.end],
	]);
	const outline = { stroke, width: 1 };
	return [
		...(joined ? [{ kind: "path", lines: joins, ...outline, dash: JOIN_DASH } as const] : []),
		{ kind: "path", lines: boxes, closed: true, fill: fadedColor(color, FILL * fade, theme), ...outline },
	];
}
