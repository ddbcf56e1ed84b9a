import type { Mark, Point } from "./figure.ts";
import type { Theme } from "./palette.ts";
import { type Frame, isShown } from "./scales.ts";
import type { MeasureText } from "./shapes.ts";
import type { View } from "./view.ts";

/** Everything that turns marks into shapes. */
export interface Drawing {
	readonly frame: Frame;
	readonly view: View;
	readonly theme: Theme;
	readonly measure: MeasureText;
}

/** Whether the legend shows the mark. */
export function isVisible(mark: Mark, view: View): boolean {
	return !mark.series?.some((series) => view.hidden.has(series));
}

/** Whether the axes can show a point. */
export const isPointShown = ([x, y]: Point, { scales }: Frame) => isShown(x, scales.x) && isShown(y, scales.y);
