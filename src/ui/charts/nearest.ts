import { type Drawing, isPointShown, isVisible } from "../../figures/drawing.ts";
import { drawnPoints } from "../../figures/drawn-points.ts";
import type { Figure, Point } from "../../figures/figure.ts";
import { placer } from "../../figures/scales.ts";

/** How near the pointer must be to a mark, CSS pixels, and how much nearer a dot counts than a line. */
const REACH = 24;
const DOT_ADVANTAGE = 8;

/** What lies under the pointer. */
export interface Hit {
	/** CSS pixels. */
	readonly at: Point;
	readonly text: string;
	readonly runs: readonly string[];
}

/** The described point nearest to a place in CSS pixels, of the marks that are visible; null when none is near. */
export function nearest(figure: Figure, drawing: Pick<Drawing, "frame" | "view">, pointer: Point): Hit | null {
	const { frame, view } = drawing;
	const place = placer(frame);
	let best: { distance: number; at: Point; hit: () => Omit<Hit, "at"> } | null = null;
	const consider = (point: Point, advantage: number, hit: () => Omit<Hit, "at">) => {
		if (!isPointShown(point, frame)) return;
		const at = place(point);
		const distance = Math.hypot(at[0] - pointer[0], at[1] - pointer[1]) - advantage;
		if (distance < REACH && distance < (best?.distance ?? Infinity)) best = { distance, at, hit };
	};
	for (const mark of figure.marks) {
		if (!isVisible(mark, view)) continue;
		if (mark.kind === "dots" && mark.describe) {
			const { describe, pointRuns, runs = [] } = mark;
			for (const [i, point] of mark.points.entries())
				consider(point, DOT_ADVANTAGE, () => ({ text: describe(i), runs: pointRuns?.[i] ?? runs }));
		}
		if (mark.kind === "bars" && mark.describe) {
			const { describe, runs = [] } = mark;
			for (const [i, { at, to }] of mark.bars.entries())
				consider([at, to], DOT_ADVANTAGE, () => ({ text: describe(i), runs }));
		}
		if (mark.kind === "line" && mark.describe) {
			const { describe, pointRuns, runs = [], noisy } = mark;
			const note = noisy && view.smoothing > 1 ? " (smoothed)" : "";
			for (const [i, point] of drawnPoints(mark, drawing).entries())
				consider(point, 0, () => ({ text: describe(point) + note, runs: pointRuns?.[i] ?? runs }));
		}
	}
	const found = best as { at: Point; hit: () => Omit<Hit, "at"> } | null;
	return found && { at: found.at, ...found.hit() };
}
