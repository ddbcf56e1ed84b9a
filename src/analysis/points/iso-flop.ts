import { evenly } from "../../maths/evenly.ts";
import { groupBy } from "../../maths/group-by.ts";
import type { Point } from "./point.ts";

/** Runs of one compute budget: what a valley of loss against parameters is drawn through. */
export interface Slice {
	/** Compute of the budget, FLOP. */
	flops: number;
	/** One per size, ascending in parameters: the run with the lowest loss. */
	points: Point[];
}

/** Fewest sizes that make a valley: a parabola through fewer has no residual, or does not exist. */
export const FEWEST_SIZES = 4;

/** Most budgets that are looked for, and most sizes of one that count. */
const MOST_BUDGETS = 100;
const MOST_SIZES = 200;

/**
 * Finds the IsoFLOP budgets of a set of points: the compute within ± `tolerance` of which lie the most points is the
 * first, and so on among the points that are left, until no more than `FEWEST_SIZES` − 1 sizes agree. A budget's compute is
 * the middle one of its points'; ends of training curves agree on it to some percent only (Hoffmann et al. 2022, fig. 3).
 *
 * @returns ascending in compute, and the points of no budget
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

/** One slice for each named budget. */
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

/** Sizes within this factor are one: read off a plot, or tied and untied. */
export const ONE_SIZE = 1.01;

/** A budget's points, one for each size: the lowest loss, as other hyper-parameters or seeds did worse. */
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

/** Begin and end of the longest stretch of ascending points whose compute spans at most a factor. */
function densestWindow(sorted: readonly Point[], factor: number): [number, number] {
	let best: [number, number] = [0, 0];
	let begin = 0;
	for (let end = 1; end <= sorted.length; end++) {
		while (sorted[end - 1]!.flops > sorted[begin]!.flops * factor) begin++;
		if (end - begin > best[1] - best[0]) best = [begin, end];
	}
	return best;
}
