/** Workgroups in x, y, z. */
export type Grid = readonly [number, number, number];

/** A part of a dispatch's grid that is dispatched separately. */
export interface Piece {
	/** Its first workgroup. */
	origin: Grid;
	/** Workgroups. */
	grid: Grid;
	/** Model arithmetic, or the arithmetic that would take as long. Unit: FLOP. */
	flops: number;
}

/**
 * Cuts a grid into boxes of at most `mostFlops` each, or of a single workgroup: first along z, then along y, then along x. All
 * workgroups are taken to cost the same. The boxes are about equally large and in the order of their workgroups.
 *
 * @param flops of the whole grid
 */
export function cutGrid([x, y, z]: Grid, flops: number, mostFlops: number): Piece[] {
	const workgroup = flops / (x * y * z);
	const fitting = (workgroups: number) => Math.floor(mostFlops / (workgroup * workgroups));
	const pieces: Piece[] = [];
	for (const [fromZ, depth] of evenly(z, fitting(x * y)))
		for (const [fromY, height] of evenly(y, fitting(x)))
			for (const [fromX, width] of evenly(x, fitting(1)))
				pieces.push({
					origin: [fromX, fromY, fromZ],
					grid: [width, height, depth],
					flops: workgroup * width * height * depth,
				});
	return pieces;
}

/** Splits `length` into about equally long parts, each at most `most` (but at least 1) long. */
function evenly(length: number, most: number): [begin: number, length: number][] {
	const parts = Math.ceil(length / Math.max(1, Math.min(length, most)));
	const begin = (part: number) => Math.floor((part * length) / parts);
	return Array.from({ length: parts }, (_, part) => [begin(part), begin(part + 1) - begin(part)]);
}
