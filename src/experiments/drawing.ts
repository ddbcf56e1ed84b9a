import type { Color, DotsMark, FigureAxis, LegendItem, Mark, Point, TableColumn } from "../figures/figure.ts";
import { formatFit, formatLoss } from "../figures/format.ts";
import type { RichText } from "../figures/rich-text.ts";
import { rich } from "../figures/rich-text.ts";
import { plainTick, powerTick } from "../figures/ticks.ts";
import type { Interval } from "./statistics/cells.ts";

/** Colors for what has no order, such as optimizers: told apart with any color vision (Okabe & Ito 2008). */
const CATEGORY_COLORS: readonly Color[] = [
	{ light: "#0072b2", dark: "#56b4e9" },
	{ light: "#d55e00", dark: "#e69f00" },
	{ light: "#009e73", dark: "#2fc79a" },
	{ light: "#aa4499", dark: "#cc79a7" },
	{ light: "#666666", dark: "#bbbbbb" },
	{ light: "#7a5c00", dark: "#f0e442" },
];

export function categoryColor(i: number): Color {
	return CATEGORY_COLORS[i % CATEGORY_COLORS.length]!;
}

export function logAxis(label: string | RichText, link?: string): FigureAxis {
	return { label: rich(label), scale: "log", tick: powerTick, pad: 0.06, ...(link && { link }) };
}

export function linearAxis(label: string | RichText): FigureAxis {
	return { label: rich(label), scale: "linear", tick: plainTick, pad: 0.06 };
}

/** A measured value with its interval as a bar. */
export interface Measured extends Interval {
	readonly x: number;
	readonly runs?: readonly string[];
}

/** Dots with their intervals, and a line through them unless `line` is false. */
export function measuredMarks(
	points: readonly Measured[],
	{
		color,
		series,
		line = true,
		describe,
	}: { color: Color; series: string; line?: boolean; describe: (i: number) => string },
): Mark[] {
	if (points.length === 0) return [];
	const common = { color, series: [series] };
	const at = points.map(({ x, estimate }): Point => [x, estimate]);
	const dots: DotsMark = {
		...{ kind: "dots", ...common, points: at, shape: "circle", describe },
		intervals: { y: points.map(({ low, high }) => (low === null || high === null ? null : [low, high])) },
		pointRuns: points.map(({ runs = [] }) => runs),
	};
	return [...(line ? [{ kind: "line" as const, ...common, points: at, width: 1.5 }] : []), dots];
}

export function legendOf(names: readonly string[], colorOf: (i: number) => Color): LegendItem[] {
	return names.map((name, i) => ({ text: rich(name), series: name, dot: { color: colorOf(i), shape: "circle" } }));
}

/** Three columns of a table: an estimate and the ends of its interval. */
export function intervalColumns(id: string, name: string | RichText, format = formatLoss): TableColumn[] {
	return [
		{ id, name: rich(name), format },
		{ id: `${id}_low`, name: rich("from"), format },
		{ id: `${id}_high`, name: rich("to"), format },
	];
}

export function intervalCells(interval: Interval | null): (number | null)[] {
	return [interval?.estimate ?? null, interval?.low ?? null, interval?.high ?? null];
}

/** "0.53 (0.48 to 0.57)"; "0.53 (no interval)" where the scatter is unknown. */
export function intervalText({ estimate, low, high }: Interval): string {
	const text = formatFit(estimate, low, high);
	return text.interval ? `${text.estimate} (${text.interval})` : `${text.estimate} (no interval)`;
}

/** "a", "a and b", "a, b and c". */
export function listText(parts: readonly string[]): string {
	return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
