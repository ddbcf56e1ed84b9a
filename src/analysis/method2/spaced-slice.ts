import { meanPoint, measurementsOf, type Slice } from "../points/iso-flop.ts";

/**
 * Sizes nearer than this share of the mean distance in ln N count as one. An interpolating curve takes the difference of two
 * neighbors for the slope of the valley: between near ones it is their noise, many times as steep.
 */
const NEAR = 0.25;

/** A budget whose sizes are far enough apart to interpolate, and the ranges of N that became one size for that. */
export interface SpacedSlice {
	slice: Slice;
	/** Smallest and largest N of each. */
	merged: { from: number; to: number }[];
}

/** Merges sizes of a budget that are too near for a curve through each of them. */
export function spacedSlice(slice: Slice): SpacedSlice {
	const { flops, points } = slice;
	const range = Math.log(points.at(-1)!.parameters / points[0]!.parameters);
	const least = (NEAR * range) / (points.length - 1);
	const all = measurementsOf(slice);
	const groups: number[][] = [];
	for (const i of points.keys()) {
		const start = groups.at(-1)?.[0];
		if (start !== undefined && Math.log(points[i]!.parameters / points[start]!.parameters) < least)
			groups.at(-1)!.push(i);
		else groups.push([i]);
	}
	if (groups.length === points.length) return { slice, merged: [] };
	const measured = groups.map((indices) => indices.flatMap((i) => all[i]!));
	return {
		slice: {
			flops,
			points: groups.map((indices, g) => (indices.length === 1 ? points[indices[0]!]! : meanPoint(measured[g]!))),
			measured,
		},
		merged: groups
			.filter(({ length }) => length > 1)
			.map((indices) => ({ from: points[indices[0]!]!.parameters, to: points[indices.at(-1)!]!.parameters })),
	};
}
