import type { Color, LegendItem, LineMark, Mark, Point } from "../figures/figure.ts";
import { type RichText, rich } from "../figures/rich-text.ts";

/** What the reader said, in every lesson's figure. */
export const GUESS: Color = { group: 3 };
const GUESS_DASH = [7, 4];
const LABEL = rich("your guess");

export const GUESS_LEGEND: LegendItem = {
	text: LABEL,
	series: "guess",
	line: { color: GUESS, width: 2, dash: GUESS_DASH },
};

/** A guess as a line; none without one. */
export function guessLine(points: readonly Point[] | null): Mark[] {
	if (!points) return [];
	return [
		{
			kind: "line",
			...{ points, color: GUESS, width: 2, dash: GUESS_DASH, series: ["guess"], label: LABEL },
			describe: () => "your guess",
		},
	];
}

/** A guess along one axis, with its name where it meets the other axis's value; none without one. */
export function guessRule(axis: "x" | "y", at: number | null, note: Point | null): Mark[] {
	if (at === null) return [];
	const common = { color: GUESS, series: ["guess"] };
	const rule: Mark = { kind: "rule", ...common, axis, at, width: 2, dash: GUESS_DASH };
	return note ? [rule, { kind: "note", ...common, at: note, text: LABEL, bold: true, shift: -10 }] : [rule];
}

/** A line of a series of its own name. */
export function solid(
	points: readonly Point[],
	color: Color,
	{ label, series, ...rest }: { label?: RichText; series: string } & Partial<Omit<LineMark, "label" | "series">>,
): LineMark {
	return { kind: "line", points, color, width: 2, series: [series], ...(label && { label }), ...rest };
}

/** Columns as points. */
export function pointsOf({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }): Point[] {
	return x.map((at, i): Point => [at, y[i]!]);
}

/** y = through₁ · (x / through₀)^slope between two x. */
export function powerLine([x0, y0]: Point, slope: number, from: number, to: number): Point[] {
	return Array.from({ length: 33 }, (_, i): Point => {
		const x = from * (to / from) ** (i / 32);
		return [x, y0 * (x / x0) ** slope];
	});
}
