import type { FigureAxis } from "./figure.ts";
import { type RichText, rich } from "./rich-text.ts";
import type { MeasureText } from "./shapes.ts";
import { wrap } from "./wrap.ts";

/** Share of the distance between categories that a name may take up. */
const NAME_WIDTH = 0.92;

/** A horizontal axis of named positions: marks lie at 0, 1, 2 … */
export function categoryAxis(label: RichText, categories: readonly string[]): FigureAxis {
	return {
		...{ label, categories, scale: "linear", switchable: false, pad: 0 },
		tick: (value) => categories[value] ?? "",
	};
}

/** The lines of each category's name, broken so that neighbors do not touch in a plot of this width in CSS pixels. */
export function categoryLines(
	categories: readonly string[],
	width: number,
	size: number,
	measure: MeasureText,
): RichText[][] {
	const each = (NAME_WIDTH * width) / Math.max(1, categories.length);
	return categories.map((name) => wrap(rich(name), each, (text) => measure({ text, size })));
}
