import type { AxisName, DotsMark, Figure, FigureAxis, Mark, Point, Scale } from "./figure.ts";

export interface Range {
	readonly min: number;
	readonly max: number;
}

/** One value for each axis. */
export interface Axes<Value> {
	readonly x: Value;
	readonly y: Value;
}

/** A rectangle in CSS pixels. */
export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

/** Where values lie on the screen: the plot's box, and what its edges stand for. */
export interface Frame {
	readonly box: Box;
	readonly ranges: Axes<Range>;
	readonly scales: Axes<Scale>;
}

const forward = (value: number, scale: Scale) => (scale === "log" ? Math.log(value) : value);
const backward = (value: number, scale: Scale) => (scale === "log" ? Math.exp(value) : value);

/** Whether an axis can show the value. */
export function isShown(value: number, scale: Scale): boolean {
	return Number.isFinite(value) && (scale === "linear" || value > 0);
}

/** Where a value lies in a range: 0 at its lower end, 1 at its upper end. */
export function shareOf(value: number, { min, max }: Range, scale: Scale): number {
	const [low, high] = [forward(min, scale), forward(max, scale)];
	return (forward(value, scale) - low) / (high - low);
}

/** The value at a share of a range. */
export function valueAt(share: number, { min, max }: Range, scale: Scale): number {
	const [low, high] = [forward(min, scale), forward(max, scale)];
	return backward(low + share * (high - low), scale);
}

/** From values to CSS pixels. */
export function placer({ box, ranges, scales }: Frame): (point: Point) => Point {
	return ([x, y]) => [
		box.left + box.width * shareOf(x, ranges.x, scales.x),
		box.top + box.height * (1 - shareOf(y, ranges.y, scales.y)),
	];
}

/**
 * Smallest and largest of the values that the scale can show, widened by shares of their distance: on a logarithmic axis by
 * at least a factor 1.1, and a single value on a linear axis by a tenth of it. Null without such values.
 */
export function rangeOf(values: Iterable<number>, scale: Scale, pad: number, padEnd = 0): Range | null {
	let min = Infinity;
	let max = -Infinity;
	for (const value of values) {
		if (!isShown(value, scale)) continue;
		min = Math.min(min, value);
		max = Math.max(max, value);
	}
	if (min > max) return null;
	if (scale === "log") {
		const factor = Math.max((max / min) ** pad, 1.1);
		const [low, high] = [min / factor, max * factor];
		return { min: low, max: high * (high / low) ** padEnd };
	}
	const distance = max - min || Math.abs(min) || 1;
	const room = (max > min ? pad : 0.1) * distance;
	return { min: min - room, max: max + room + padEnd * (distance + 2 * room) };
}

/** Room beside the first and the last category, in units of their distance. */
const BESIDE_CATEGORIES = 0.5;

/** The points that a mark is drawn through; a rule has one coordinate only, the other is NaN. */
export function pointsOf(mark: Mark): readonly Point[] {
	switch (mark.kind) {
		case "band":
			return mark.x.flatMap((x, i): Point[] => [
				[x, mark.low[i]!],
				[x, mark.high[i]!],
			]);
		case "rule":
			return [mark.axis === "x" ? [mark.at, Number.NaN] : [Number.NaN, mark.at]];
		case "note":
			return [mark.at];
		case "bars":
			return mark.bars.flatMap(({ at, from, to }): Point[] => [
				[at - mark.width / 2, from],
				[at + mark.width / 2, to],
			]);
		case "dots":
			return [...mark.points, ...intervalEnds(mark)];
		default:
			return mark.points;
	}
}

function intervalEnds({ points, intervals }: DotsMark): Point[] {
	const across = intervals?.x?.flatMap((ends, i) => (ends ?? []).map((end): Point => [end, points[i]![1]])) ?? [];
	const up = intervals?.y?.flatMap((ends, i) => (ends ?? []).map((end): Point => [points[i]![0], end])) ?? [];
	return [...across, ...up];
}

const knownRanges = new WeakMap<Figure, Map<string, Axes<Range> | null>>();

/** The ranges of a figure's axes; null when it has nothing that these scales can show. Computed once for each figure. */
export function figureRanges(figure: Figure, scales: Axes<Scale>): Axes<Range> | null {
	const known = knownRanges.get(figure) ?? new Map<string, Axes<Range> | null>();
	const key = `${scales.x} ${scales.y}`;
	if (!known.has(key)) known.set(key, findRanges(figure, scales));
	knownRanges.set(figure, known);
	return known.get(key)!;
}

function findRanges({ marks, x, y }: Figure, scales: Axes<Scale>): Axes<Range> | null {
	const values: Axes<number[]> = { x: [], y: [] };
	for (const mark of marks) {
		if (mark.stretch === false || mark.kind === "note") continue;
		for (const [atX, atY] of pointsOf(mark)) {
			const [isX, isY] = [isShown(atX, scales.x), isShown(atY, scales.y)];
			if (isX && (isY || mark.kind === "rule")) values.x.push(atX);
			if (isY && (isX || mark.kind === "rule")) values.y.push(atY);
		}
	}
	const along = (axis: AxisName, { pad, padEnd, includes = [] }: FigureAxis) => {
		if (values[axis].length > 0) values[axis].push(...includes);
		return rangeOf(values[axis], scales[axis], pad, padEnd);
	};
	const across = x.categories
		? { min: -BESIDE_CATEGORIES, max: x.categories.length - 1 + BESIDE_CATEGORIES }
		: along("x", x);
	const up = along("y", y);
	return across && up && { x: across, y: up };
}

/** How many points of lines, dots and areas are not drawn: those a logarithmic axis cannot show, and those that are not finite. */
export function leftOutCount(figure: Figure, scales: Axes<Scale>): number {
	let count = 0;
	for (const mark of figure.marks) {
		if (mark.kind !== "line" && mark.kind !== "dots" && mark.kind !== "area") continue;
		for (const [x, y] of mark.points) if (!isShown(x, scales.x) || !isShown(y, scales.y)) count++;
	}
	return count;
}
