import type { Point } from "../points/point.ts";

/**
 * The lower convex hull of points in (ln C, ln L), by Andrew's monotone chain (1979), up to the lowest loss.
 *
 * @returns indices into `points`, ascending in compute
 */
export function lowerHull(points: readonly Point[]): number[] {
	const x = points.map(({ flops }) => Math.log(flops));
	const y = points.map(({ loss }) => Math.log(loss));
	const liesAbove = (a: number, b: number, c: number) =>
		(y[b]! - y[a]!) * (x[c]! - x[a]!) >= (y[c]! - y[a]!) * (x[b]! - x[a]!);
	const order = [...points.keys()].sort((i, j) => x[i]! - x[j]! || y[i]! - y[j]!);
	const hull: number[] = [];
	for (const i of order) {
		if (hull.length > 0 && x[hull.at(-1)!]! === x[i]!) continue;
		while (hull.length > 1 && liesAbove(hull.at(-2)!, hull.at(-1)!, i)) hull.pop();
		hull.push(i);
	}
	// Beyond the lowest loss the hull rises again: those runs used more compute for a higher loss.
	const lowest = hull.reduce((best, i, h) => (y[i]! < y[hull[best]!]! ? h : best), 0);
	return hull.slice(0, lowest + 1);
}
