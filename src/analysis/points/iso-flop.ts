import { evenly } from "../../maths/evenly.ts";
import { groupBy } from "../../maths/group-by.ts";
import type { Point } from "./point.ts";

/** Runs at one compute budget, which form a valley of loss against parameters. */
export interface Slice {
	/** Compute of the budget, FLOP. */
	flops: number;
	/** One per size, ascending in parameters: the run of that size with the lowest loss. */
	points: Point[];
}

/** Fewest sizes that make a valley: with three, a parabola leaves no residual; with fewer, it is not determined. */
export const FEWEST_SIZES = 4;

/** Limits on the number of budgets, and on the sizes per budget. */
const MOST_BUDGETS = 100;
const MOST_SIZES = 200;

/**
 * Finds the IsoFLOP budgets in a set of points. The first budget is the range of compute, ± `tolerance`, with the most
 * points; the next is found among the remaining points, and so on until a range holds fewer than `FEWEST_SIZES` sizes. A
 * budget's compute is the median of its points: the ends of training curves agree only to within a few percent (Hoffmann
 * et al. 2022, fig. 3).
 *
 * @returns the slices, ascending in compute, and the points that belong to none
 */
export function findSlices(points: readonly Point[], tolerance = 0.1): { slices: Slice[]; outside: Point[] } {
	let rest = [...points].sort((p, q) => p.flops - q.flops);
	const slices: Slice[] = [];
	while (slices.length < MOST_BUDGETS && rest.length >= FEWEST_SIZES) {
		const [begin, end] = densestWindow(rest, (1 + tolerance) ** 2);
		const members = rest.slice(begin, end);
		const slice = sliceOf(members[members.length >> 1]!.flops, members);
		if (slice.points.length < FEWEST_SIZES) break;
		slices.push(slice);
		rest = [...rest.slice(0, begin), ...rest.slice(end)];
	}
	return { slices: slices.sort((p, q) => p.flops - q.flops), outside: rest };
}

/** One slice per named budget. `budgets` holds the budget of each point. */
export function namedSlices(points: readonly Point[], budgets: readonly number[]): Slice[] {
	const members = groupBy(points.keys(), (i) => budgets[i]!);
	return [...members]
		.sort(([p], [q]) => p - q)
		.map(([flops, indices]) =>
			sliceOf(
				flops,
				indices.map((i) => points[i]!),
			),
		);
}

/** Sizes within this factor count as equal: they may be read off a plot, or differ in tied and untied embeddings. */
export const ONE_SIZE = 1.01;

/** A budget's points, one per size: the lowest loss among its hyperparameters and seeds. */
export function sliceOf(flops: number, members: readonly Point[]): Slice {
	const points: Point[] = [];
	let smallest = 0;
	for (const point of [...members].sort((p, q) => p.parameters - q.parameters)) {
		const other = points.at(-1);
		if (!other || point.parameters > smallest * ONE_SIZE) {
			points.push(point);
			smallest = point.parameters;
		} else if (point.loss < other.loss) points[points.length - 1] = point;
	}
	return { flops, points: evenly(points, MOST_SIZES) };
}

/** Start and end (exclusive) of the longest run of ascending points whose compute spans at most a factor. */
function densestWindow(sorted: readonly Point[], factor: number): [number, number] {
	let best: [number, number] = [0, 0];
	let begin = 0;
	for (let end = 1; end <= sorted.length; end++) {
		while (sorted[end - 1]!.flops > sorted[begin]!.flops * factor) begin++;
		if (end - begin > best[1] - best[0]) best = [begin, end];
	}
	return best;
}
