import type { AxisName } from "./figure.ts";

/** CSS pixels. */
export interface Size {
	readonly width: number;
	readonly height: number;
}

/** Size of saved pictures. */
export const SAVED: Size = { width: 960, height: 600 };

/** Room beside the plot for the text of ticks, below it and to its left, CSS pixels. */
export const TICK_ROOM: Record<AxisName, number> = { x: 34, y: 52 };

/** Pixels along an axis for each of its ticks. */
const TICK_EVERY: Record<AxisName, number> = { x: 70, y: 36 };

/** How many ticks fit along an axis. */
export function tickCount(axis: AxisName, length: number): number {
	return Math.max(3, Math.floor(length / TICK_EVERY[axis]));
}
