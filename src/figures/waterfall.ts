import type { Color, Interval, Mark } from "./figure.ts";
import { rich } from "./rich-text.ts";

/** What one step led to. */
export interface WaterfallStep {
	/** Null where there is no estimate; the next step then starts from the last one there is. */
	readonly value: number | null;
	readonly interval: Interval | null;
	/** The value written out. */
	readonly text: string;
	/** What to say of the step near the pointer. */
	readonly description: string;
	readonly runs?: readonly string[];
}

/** Share of a category that a bar takes up. */
const WIDTH = 0.5;
/** CSS pixels from a value's dot up to its text. */
const ABOVE = -9;

/**
 * Steps along an axis of categories, one each: a bar from the value before to the value after, the value as a dot with its
 * interval and its number, and a line to the next step. The first step is a line across.
 */
export function waterfallMarks(steps: readonly WaterfallStep[], color: Color): Mark[] {
	const known = steps.flatMap(({ value, ...step }, at) => (value === null ? [] : [{ ...step, at, value }]));
	const bars = known.map(({ at, value }, i) => ({ at, from: known[i - 1]?.value ?? value, to: value }));
	const describe = (i: number) => known[i]!.description;
	return [
		{ kind: "bars", color, bars, width: WIDTH, joined: true },
		{
			...{ kind: "dots", color, shape: "circle", describe },
			points: known.map(({ at, value }) => [at, value]),
			intervals: { y: known.map(({ interval }) => interval) },
			pointRuns: known.map(({ runs = [] }) => runs),
		},
		...known.map(({ at, value, text }): Mark => {
			return { kind: "note", color: "ink", at: [at, value], text: rich(text), shift: ABOVE, bold: true };
		}),
	];
}
