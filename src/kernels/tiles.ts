import { constantsHeader } from "./constants.ts";

/**
 * A kernel by tiles in workgroup memory: see tiles.wgsl. A workgroup owns `rows` × `columns` sums, an invocation 64 of them;
 * of smaller matrices as many as there are, and then several invocations share the terms of a sum.
 */
export interface Large {
	/** Powers of two from 32 to 128. */
	rows: number;
	columns: number;
	/** Whether workgroup memory holds two slices. */
	doubled?: true;
	forGpus: true;
}

/** Sums of an invocation, along each side. */
const OWN = 8;

/** The smallest side of a tile. */
const SMALLEST = 32;

/** Terms of a slice. */
const DEPTH = 16;

/** Quads of each operand's memory that are used at a time to add up shares: all that tiles of 64 × 64 sums have. */
const SHARED_QUADS = 256;

/** Invocations of a workgroup. */
export const workgroupOf = ({ rows, columns }: Large) => (rows / OWN) * (columns / OWN);

/** The side of a tile for a matrix of `count` rows or columns: as few as needed, at most the variant's. */
export function sideFor(side: number, count: number): number {
	let fewer = side;
	while (fewer > SMALLEST && fewer / 2 >= count) fewer /= 2;
	return fewer;
}

/** Tiles that keep a GPU busy. */
const BUSY_TILES = 64;

/**
 * The tile for a small matrix that is a sum of many terms: smaller until there are enough of them, or they are the smallest.
 * Depends only on the run, never on its pack.
 *
 * @param most the largest tile
 * @param size of the matrix; `count` of them are computed at once
 */
export function tileFor(most: [number, number], [height, width]: [number, number], count: number): [number, number] {
	let [rows, columns] = [sideFor(most[0], height), sideFor(most[1], width)];
	while (
		Math.ceil(height / rows) * Math.ceil(width / columns) * count < BUSY_TILES &&
		Math.max(rows, columns) > SMALLEST
	) {
		if (rows >= columns) rows /= 2;
		else columns /= 2;
	}
	return [rows, columns];
}

/** WGSL constants of tiles.wgsl for a kernel whose tiles have at most `rows` × `columns` sums. */
export function tilesHeader(variant: Large, rows: number, columns: number): string {
	const workgroup = workgroupOf(variant);
	const sharedRows = Math.max(2, Math.min(OWN, Math.floor(SHARED_QUADS / workgroup)));
	const memory = (side: number) => Math.max((DEPTH * side) / 4, sharedRows * workgroup);
	return constantsHeader({
		...{ WORKGROUP: workgroup, DEPTH, HALVES: variant.doubled ? 2 : 1 },
		...{ ROW_MEMORY: memory(rows), COLUMN_MEMORY: memory(columns) },
		...{ SHARED_ROWS: sharedRows, SHARED_ROUNDS: OWN / sharedRows },
	});
}

/** How many of `quads` quads of a slice an invocation reads, where neighbors read neighboring quads. */
export function loadsOf(variant: Large, side: number): number {
	return Math.ceil((DEPTH * side) / 4 / workgroupOf(variant));
}
