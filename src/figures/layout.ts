import { categoryLines } from "./categories.ts";
import type { AxisName, Figure } from "./figure.ts";
import { labelRoom } from "./labels.ts";
import type { RichText } from "./rich-text.ts";
import type { MeasureText } from "./shapes.ts";
import type { View } from "./view.ts";

/** CSS pixels. */
export interface Size {
	readonly width: number;
	readonly height: number;
}

/** Size of saved pictures. */
export const SAVED: Size = { width: 960, height: 600 };

/** Room beside the plot for the text of ticks, below it and to its left, CSS pixels. */
export const TICK_ROOM: Record<AxisName, number> = { x: 34, y: 52 };

/** Height of the text of ticks, and from one of its lines to the next. */
export const TICK_TEXT = 12;
export const TICK_LINE = 14;

/** Room to the right of a plot without labels. */
const MARGIN_RIGHT = 12;

/** What a plot needs beside its axes, which depends on how wide it is. */
export interface PlotLayout {
	/** Room on the right, for labels at the ends of lines. */
	readonly right: number;
	/** Room below, for the text of ticks. */
	readonly bottom: number;
	/** Lines of each category's name; null for an axis of numbers. */
	readonly categories: readonly RichText[][] | null;
}

/** The layout of a plot that is `width` wide with the text of its vertical ticks and the room on its right. */
export function plotLayout({ marks, x }: Figure, view: View, width: number, measure: MeasureText): PlotLayout {
	const right = Math.max(MARGIN_RIGHT, labelRoom(marks, view, width, measure));
	if (!x.categories) return { right, bottom: TICK_ROOM.x, categories: null };
	const categories = categoryLines(x.categories, width - TICK_ROOM.y - right, TICK_TEXT, measure);
	const lines = Math.max(1, ...categories.map((name) => name.length));
	return { right, bottom: TICK_ROOM.x + (lines - 1) * TICK_LINE, categories };
}

/** Pixels along an axis for each of its ticks. */
const TICK_EVERY: Record<AxisName, number> = { x: 70, y: 36 };

/** How many ticks fit along an axis. */
export function tickCount(axis: AxisName, length: number): number {
	return Math.max(3, Math.floor(length / TICK_EVERY[axis]));
}
