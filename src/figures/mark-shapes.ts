import { type Drawing, isPointShown, isVisible } from "./drawing.ts";
import { drawnPoints } from "./drawn-points.ts";
import type { AreaMark, BandMark, DotsMark, Figure, LineMark, Mark, NoteMark, Point, RuleMark } from "./figure.ts";
import { barShapes, intervalShapes } from "./interval-shapes.ts";
import { noteShapes } from "./notes.ts";
import { fadedColor, SURFACE } from "./palette.ts";
import { type Frame, isShown, placer } from "./scales.ts";
import type { DrawnShape } from "./shapes.ts";

/** Opacity of areas, of what other runs stand out from, and of raw lines behind smoothed ones. */
const AREA = 0.16;
const FADED = 0.22;
const RAW = 0.28;
/** What a line that stands out gains in width, CSS pixels. */
const EMPHASIS = 0.75;
const DOT_RADIUS = 5;

/** The figure's marks as shapes, from the bottom up, clipped to the plot. */
export function markShapes(figure: Figure, drawing: Drawing): DrawnShape {
	const { view, frame } = drawing;
	const shown = figure.marks.filter((mark) => isVisible(mark, view));
	const isLit = litBy(view.highlight);
	const anyLit = shown.some(isLit);
	const draw = (mark: Mark): DrawnShape[] => {
		const fade = anyLit && isOfRuns(mark) && !isLit(mark) ? FADED : 1;
		return markShape(mark, drawing, anyLit && isLit(mark), fade);
	};
	const kinds: readonly Mark["kind"][][] = [["area", "band"], ["rule"], ["bars"], ["line"], ["dots"]];
	const shapes = kinds.flatMap((layer) => {
		const marks = shown.filter((mark) => layer.includes(mark.kind));
		const ordered = anyLit ? [...marks.filter((mark) => !isLit(mark)), ...marks.filter(isLit)] : marks;
		const raw = ordered.flatMap((mark) => rawShapes(mark, drawing));
		return [...raw, ...ordered.flatMap(draw)];
	});
	const notes = shown.filter((mark): mark is NoteMark => mark.kind === "note");
	return { kind: "clip", box: frame.box, shapes: [...shapes, ...noteShapes(notes, drawing)] };
}

const pointRuns = (mark: Mark) => (mark.kind === "line" || mark.kind === "dots" ? mark.pointRuns : undefined);

const isOfRuns = (mark: Mark) => mark.runs !== undefined || pointRuns(mark) !== undefined;

const litBy = (highlight: readonly string[]) => {
	const shares = (runs: readonly string[] = []) => runs.some((run) => highlight.includes(run));
	return (mark: Mark) => shares(mark.runs) || (pointRuns(mark)?.some(shares) ?? false);
};

/** The unsmoothed line behind a smoothed one. */
function rawShapes(mark: Mark, drawing: Drawing): DrawnShape[] {
	if (mark.kind !== "line" || !mark.noisy || drawing.view.smoothing <= 1) return [];
	const raw = { ...mark, width: 1, opacity: RAW * (mark.opacity ?? 1) };
	return lineShapes(raw, drawnPoints(mark, drawing, "raw"), drawing);
}

function markShape(mark: Mark, drawing: Drawing, lit: boolean, fade: number): DrawnShape[] {
	switch (mark.kind) {
		case "area":
			return areaShapes(mark, mark.points, drawing, fade);
		case "band":
			return areaShapes(mark, outlineOf(mark, drawing.frame), drawing, fade);
		case "rule":
			return ruleShapes(mark, drawing, fade);
		case "line":
			return lit ? litLineShapes(mark, drawing) : lineShapes(faded(mark, fade), drawnPoints(mark, drawing), drawing);
		case "bars":
			return barShapes(mark, drawing, fade);
		case "dots":
			return dotShapes(mark, drawing, lit, fade);
		case "note":
			return [];
	}
}

const faded = (mark: LineMark, fade: number): LineMark => ({ ...mark, opacity: fade * (mark.opacity ?? 1) });

/** A band's edges; on a logarithmic axis, what lies at 0 or below reaches down to the plot's lower edge. */
function outlineOf({ x, low, high }: BandMark, { ranges, scales }: Frame): Point[] {
	const bottom = (value: number) => (scales.y === "log" && value <= 0 ? ranges.y.min : value);
	const edge = (values: readonly number[]) => x.map((at, i): Point => [at, bottom(values[i]!)]);
	return [...edge(low), ...edge(high).reverse()];
}

function areaShapes(
	mark: AreaMark | BandMark,
	points: readonly Point[],
	{ frame, theme }: Drawing,
	fade: number,
): DrawnShape[] {
	const place = placer(frame);
	const outline = points.filter((point) => isPointShown(point, frame)).map(place);
	return [{ kind: "path", lines: [outline], closed: true, fill: fadedColor(mark.color, AREA * fade, theme) }];
}

function ruleShapes({ axis, at, width, dash, color }: RuleMark, { frame, theme }: Drawing, fade: number): DrawnShape[] {
	if (!isShown(at, frame.scales[axis])) return [];
	const { left, top, width: across, height } = frame.box;
	const { min: x } = frame.ranges.x;
	const { min: y } = frame.ranges.y;
	const [px, py] = placer(frame)(axis === "x" ? [at, y] : [x, at]);
	const line: Point[] =
		axis === "x"
			? [
					[px, top],
					[px, top + height],
				]
			: [
					[left, py],
					[left + across, py],
				];
	return [{ kind: "path", lines: [line], stroke: fadedColor(color, fade, theme), width, dash }];
}

/** A line, broken where the axes cannot show its points. */
function lineShapes(mark: LineMark, points: readonly Point[], { frame, theme }: Drawing): DrawnShape[] {
	const place = placer(frame);
	const lines: Point[][] = [[]];
	for (const point of points) {
		if (isPointShown(point, frame)) lines.at(-1)!.push(place(point));
		else if (lines.at(-1)!.length > 0) lines.push([]);
	}
	const { color, opacity = 1, width, dash } = mark;
	return [
		{
			kind: "path",
			lines: lines.filter((line) => line.length > 0),
			stroke: fadedColor(color, opacity, theme),
			width,
			dash,
		},
	];
}

/** A line that stands out: all of it, or the stretches that come from the runs in question. */
function litLineShapes(mark: LineMark, drawing: Drawing): DrawnShape[] {
	const { highlight } = drawing.view;
	const bold = { ...mark, opacity: 1, width: mark.width + EMPHASIS };
	const { pointRuns: runs } = mark;
	if (!runs) return lineShapes(bold, drawnPoints(mark, drawing), drawing);
	const stretches = mark.points.map(
		(point, i): Point => (runs[i]!.some((run) => highlight.includes(run)) ? point : [Number.NaN, Number.NaN]),
	);
	return [...lineShapes(faded(mark, FADED), mark.points, drawing), ...lineShapes(bold, stretches, drawing)];
}

function dotShapes(mark: DotsMark, { frame, theme, view }: Drawing, lit: boolean, fade: number): DrawnShape[] {
	const place = placer(frame);
	return mark.points.flatMap((point, i): DrawnShape[] => {
		if (!isPointShown(point, frame)) return [];
		const own = mark.pointRuns?.[i]?.some((run) => view.highlight.includes(run)) ?? true;
		const fill = fadedColor(mark.color, lit && !own ? FADED : fade, theme);
		const radius = lit && own ? DOT_RADIUS + EMPHASIS : DOT_RADIUS;
		return [...intervalShapes(mark, i, frame, fill), dotShape(place(point), mark.shape, radius, fill, SURFACE[theme])];
	});
}

/** A marker with an outline in the color of the surface, which keeps it apart from lines. */
export function dotShape(
	center: Point,
	shape: DotsMark["shape"],
	radius: number,
	fill: string,
	surface: string,
): DrawnShape {
	const outline = { fill, stroke: surface, width: 1.5 };
	if (shape === "circle") return { kind: "circle", center, radius, ...outline };
	const [x, y] = center;
	const reach = 1.25 * radius;
	const corners: Point[] = [
		[x, y - reach],
		[x + reach, y],
		[x, y + reach],
		[x - reach, y],
	];
	return { kind: "path", lines: [corners], closed: true, ...outline };
}
