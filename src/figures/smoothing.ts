import type { Point, Scale } from "./figure.ts";
import { type Range, shareOf } from "./scales.ts";

/**
 * The exponential moving average over about `count` points: each weighs 1 − 1/count of the one after it. Weights are
 * normalized, so that the first points are not drawn toward 0. Values that are not finite stay as they are and count for nothing.
 */
export function smooth(points: readonly Point[], count: number): Point[] {
	const keep = 1 - 1 / count;
	let sum = 0;
	let weight = 0;
	return points.map(([x, y]) => {
		if (!Number.isFinite(y)) return [x, y];
		sum = keep * sum + y;
		weight = keep * weight + 1;
		return [x, sum / weight];
	});
}

/**
 * A noisy line with at most one point, the mean, in each of `count` columns of the axis; noise and size both shrink. Gaps are
 * kept as they are, so that the line breaks there.
 */
export function thin(
	points: readonly Point[],
	count: number,
	range: Range,
	scale: Scale,
	isGap: (point: Point) => boolean,
): Point[] {
	const thinned: Point[] = [];
	let column = Number.NaN;
	let members: Point[] = [];
	const close = () => {
		if (members.length > 0) thinned.push([mean(members, 0), mean(members, 1)]);
		members = [];
	};
	for (const point of points) {
		const gap = isGap(point);
		const next = gap ? Number.NaN : Math.floor(count * shareOf(point[0], range, scale));
		if (next !== column) close();
		column = next;
		if (gap) thinned.push(point);
		else members.push(point);
	}
	close();
	return thinned;
}

function mean(points: readonly Point[], coordinate: 0 | 1): number {
	return points.reduce((sum, point) => sum + point[coordinate], 0) / points.length;
}
