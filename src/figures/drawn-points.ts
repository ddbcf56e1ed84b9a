import { type Drawing, isPointShown } from "./drawing.ts";
import type { LineMark, Point } from "./figure.ts";
import { smooth, thin } from "./smoothing.ts";

/** CSS pixels of a column that a noisy line has one point in. */
const COLUMN = 4;

/** What noisy lines were last drawn through: pointers move, and runs train, more often than most lines change. */
const drawn = new WeakMap<LineMark, Partial<Record<"raw" | "smoothed", { key: string; points: readonly Point[] }>>>();

/** The points that a line is drawn through: thinned where it is noisy, and smoothed where the view asks for it. */
export function drawnPoints(
	mark: LineMark,
	{ frame, view }: Pick<Drawing, "frame" | "view">,
	which: "raw" | "smoothed" = "smoothed",
): readonly Point[] {
	if (!mark.noisy) return mark.points;
	const { box, ranges, scales } = frame;
	const count = which === "raw" ? 1 : view.smoothing;
	const key = [box.width, ranges.x.min, ranges.x.max, scales.x, scales.y, count].join();
	const known = drawn.get(mark) ?? {};
	if (known[which]?.key !== key) {
		const points = count > 1 ? smooth(mark.points, count) : mark.points;
		const columns = Math.max(1, Math.round(box.width / COLUMN));
		const thinned = thin(points, columns, ranges.x, scales.x, (point) => !isPointShown(point, frame));
		drawn.set(mark, { ...known, [which]: { key, points: thinned } });
		return thinned;
	}
	return known[which].points;
}
