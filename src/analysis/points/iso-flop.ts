import { evenly } from "../../maths/evenly.ts";
import { groupBy } from "../../maths/group-by.ts";
import { geometricMean, mean } from "../../maths/least-squares.ts";
import { groupBySize } from "./one-size.ts";
import type { Point } from "./point.ts";

/** Runs at one compute budget, which form a valley of loss against parameters. */
export interface Slice {
	/** Compute of the budget, FLOP. */
	flops: number;
	/** One per size, ascending in parameters: the mean of its measurements. */
	points: Point[];
	/** Per size: the measurements behind its point. Default: the point itself. */
	measured?: Point[][];
}

/** Per size: the measurements behind its point. */
export function measurementsOf({ points, measured }: Slice): Point[][] {
	return measured ?? points.map((point) => [point]);
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

/**
 * A budget's points, one per size. Measurements of one size are repeats, and their mean counts; of several named recipes,
 * the one with the lowest mean.
 */
export function sliceOf(flops: number, members: readonly Point[]): Slice {
	const sizes = groupBySize(members, ({ parameters }) => parameters);
	const measured = evenly(sizes, MOST_SIZES).map((size) => bestRecipe(size.members));
	return { flops, points: measured.map(meanPoint), measured };
}

/** Of several recipes, the measurements of the best. One with few repeats is easily best by luck, and does not compete. */
function bestRecipe(points: Point[]): Point[] {
	const recipes = [...groupBy(points, ({ recipe }) => recipe).values()];
	const most = Math.max(...recipes.map(({ length }) => length));
	const loss = (recipe: readonly Point[]) => mean(recipe.map((point) => point.loss));
	return recipes
		.filter(({ length }) => 2 * length > most)
		.reduce((best, recipe) => (loss(recipe) < loss(best) ? recipe : best));
}

/** The mean of repeats: geometric for counts, arithmetic for the loss. It has the first one's run. */
export function meanPoint(points: readonly Point[]): Point {
	if (points.length === 1) return points[0]!;
	const counts = (of: (point: Point) => number) => geometricMean(points.map(of));
	return {
		run: points[0]!.run,
		parameters: counts(({ parameters }) => parameters),
		tokens: counts(({ tokens }) => tokens),
		flops: counts(({ flops }) => flops),
		loss: mean(points.map(({ loss }) => loss)),
	};
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
