import { evenly } from "../../maths/evenly.ts";
import { groupBy } from "../../maths/group-by.ts";
import { geometricMean, mean } from "../../maths/least-squares.ts";
import { quantileSorted } from "../../maths/quantile.ts";
import type { LeftOut } from "../fitting/fit.ts";
import { genuineCrossings, gridPointAt } from "../method1/envelope.ts";
import { type Frontier, frontierOf, runsAt, type SizeCurves } from "../method1/frontier.ts";
import { FEWEST_SIZES, findSlices, namedSlices, type Slice } from "./iso-flop.ts";
import { type LogCurve, logCurve } from "./log-curve.ts";
import { groupBySize, mergedSizesNote } from "./one-size.ts";
import type { Point } from "./point.ts";

/** Points prepared for all methods. */
export interface PreparedPoints {
	/** For laws of N and D: single measurements as they are, training curves thinned. */
	points: Point[];
	/** For Method 1: the sizes that have a curve, ascending. */
	sizes: SizeCurves[];
	/** Null without any size. */
	frontier: Frontier | null;
	/** The frontier of the recipes alone that are best at the end of their size; null if no size names several recipes. */
	finalFrontier: Frontier | null;
	/** For Method 2: IsoFLOP budgets. */
	slices: Slice[];
	/** Whether the budgets are cuts through curves, in which case one run of a size is in several of them. */
	cuts: boolean;
	/** Points that belong to no budget. */
	outside: LeftOut[];
	/** How the points were treated, one sentence each. */
	notes: string[];
}

/** Fewest distinct token counts that make a run a training curve; with fewer, its points are single measurements. */
const CURVE = 5;

/**
 * For laws of N and D, a curve is sampled at this spacing in ln D, this far back from its end. Closer points are
 * correlated by the smoothing; earlier ones lie on the initial plateau, which no power law describes.
 */
const SPACING = 0.5;
const REACH = Math.log(10);

/**
 * Sorts points into training curves (runs with at least five distinct token counts) and single measurements.
 *
 * - Method 1 uses the curves. Runs of one size that name one recipe, or name none and end at the same token count,
 *   are repetitions and are averaged. At each compute the best recipe counts. Without curves, the single measurements of each size form
 *   one.
 * - Method 2 uses budgets of the single measurements, or cuts the curves at equal compute.
 * - Laws of N and D use single measurements as they are, and smoothed curves from a tenth of their tokens on.
 *
 * @param allBudgets the budget of each point, when its file names one
 */
export function preparePoints(
	given: readonly Point[],
	allBudgets: readonly (number | null)[] | null = null,
): PreparedPoints {
	const points = evenly(given, MOST_POINTS);
	const budgets = allBudgets && evenly(allBudgets, MOST_POINTS);
	const notes: string[] = [];
	if (points.length < given.length) notes.push(`${points.length} of ${given.length} points are used, evenly spaced.`);
	const runs = groupBy(points, (point) => point.run);
	const curves: Run[] = [];
	const single: Point[] = [];
	const singleBudgets: number[] = [];
	const index = new Map(points.map((point, i) => [point, i]));
	for (const members of runs.values()) {
		const curve = members.length >= CURVE ? curveOf(members) : null;
		if (curve) curves.push(curve);
		else
			for (const point of members) {
				single.push(point);
				singleBudgets.push(budgets?.[index.get(point)!] ?? Number.NaN);
			}
	}
	const sizes = curves.length > 0 ? sizesOf(curves) : sizesOfSingles(single);
	if (curves.length > 0)
		notes.push(
			`${curves.length} training ${curves.length === 1 ? "curve" : "curves"}: laws of N and D are fitted to smoothed points ` +
				"of their last factor of ten in tokens, Method 2 to cuts at equal compute.",
		);
	else if (sizes.length > 0)
		notes.push("There are no training curves; Method 1 joins the runs of each size into one curve.");
	const merged = mergedSizesNote(
		groupBySize(points, ({ parameters }) => parameters),
		({ parameters }) => parameters,
	);
	if (merged) notes.push(merged);
	const frontier = sizes.length > 0 ? frontierOf(sizes) : null;
	const final = curves.length > 0 ? bestAtEnd(curves) : null;
	const found =
		curves.length > 0 && frontier ? { slices: slicesOf(frontier), outside: [] } : budgetsOf(single, singleBudgets);
	return {
		points: [...single, ...(frontier ? curves.flatMap((run) => thinned(run, frontier)) : [])],
		sizes,
		frontier,
		finalFrontier: final && frontierOf(final),
		slices: found.slices,
		cuts: curves.length > 0,
		outside: found.outside.map(({ run }) => ({ run, reason: "it belongs to no budget that several sizes share" })),
		notes,
	};
}

/** Larger sets are thinned: more points would add time, not information. */
const MOST_POINTS = 100_000;

interface Run {
	run: string;
	parameters: number;
	flopsPerToken: number;
	uniqueTokens: number | undefined;
	recipe: string | undefined;
	curve: LogCurve;
}

function curveOf(members: readonly Point[]): Run | null {
	const steps = members.every((p) => p.steps !== undefined) ? members.map((p) => p.steps!) : null;
	const curve = logCurve({ tokens: members.map((p) => p.tokens), loss: members.map((p) => p.loss) }, 0, steps);
	if (curve.logTokens.length < CURVE) return null;
	const { run, parameters, uniqueTokens, recipe } = members[0]!;
	return { run, parameters, flopsPerToken: medianCost(members), uniqueTokens, recipe, curve };
}

function medianCost(members: readonly Point[]): number {
	return quantileSorted(Float64Array.from(members, ({ flops, tokens }) => flops / tokens).sort(), 0.5);
}

/** Runs of one size whose token counts end within this factor are repetitions. */
const TOGETHER = 1.01;

function sizesOf(curves: readonly Run[]): SizeCurves[] {
	return groupBySize(curves, (run) => run.parameters).map(({ parameters, members }) => {
		const recipes: Run[][] = [];
		for (const run of members) {
			const same = recipes.find(([first]) =>
				run.recipe === undefined && first!.recipe === undefined
					? endTogether(first!, run)
					: first!.recipe === run.recipe,
			);
			if (same) same.push(run);
			else recipes.push([run]);
		}
		return {
			label: sizeLabel(parameters),
			parameters,
			flopsPerToken: geometricMean(members.map(({ flopsPerToken }) => flopsPerToken)),
			recipes: recipes.map((runs) => ({ runs: runs.map(({ run }) => run), curves: runs.map(({ curve }) => curve) })),
		};
	});
}

function endTogether(p: Run, q: Run): boolean {
	return Math.abs(p.curve.logTokens.at(-1)! - q.curve.logTokens.at(-1)!) < Math.log(TOGETHER);
}

/** Of the named recipes of a size that end together, keeps the one with the lowest mean loss there. */
function bestAtEnd(curves: readonly Run[]): SizeCurves[] | null {
	const dropped = new Set<Run>();
	for (const { members } of groupBySize(curves, (run) => run.parameters)) {
		const recipes = [...groupBy(members, (run) => run.recipe).values()];
		const loss = (runs: readonly Run[]) => mean(runs.map(({ curve }) => curve.logLoss.at(-1)!));
		for (const runs of recipes)
			if (recipes.some((other) => endTogether(other[0]!, runs[0]!) && loss(other) < loss(runs)))
				for (const run of runs) dropped.add(run);
	}
	return dropped.size > 0 ? sizesOf(curves.filter((run) => !dropped.has(run))) : null;
}

/** Joins the single measurements of each size, at different lengths, to a curve. */
function sizesOfSingles(single: readonly Point[]): SizeCurves[] {
	return groupBySize(single, ({ parameters }) => parameters).flatMap(({ parameters, members }) => {
		const curve = logCurve({ tokens: members.map((p) => p.tokens), loss: members.map((p) => p.loss) });
		if (curve.logTokens.length < 2) return [];
		const runs = [...new Set(members.map(({ run }) => run))];
		return [
			{
				label: sizeLabel(parameters),
				parameters,
				flopsPerToken: medianCost(members),
				recipes: [{ runs, curves: [curve] }],
			},
		];
	});
}

function sizeLabel(parameters: number): string {
	return `N = ${parameters.toPrecision(4)}`;
}

/** A curve's points, thinned for laws of N and D. Of several named recipes of a size, the best counts at each point. */
function thinned({ run, parameters, flopsPerToken, uniqueTokens, recipe, curve }: Run, frontier: Frontier): Point[] {
	const { logTokens, logLoss } = curve;
	const size = frontier.sizes.findIndex(({ recipes }) => recipes.some(({ runs }) => runs.includes(run)));
	const counts = (logFlops: number) =>
		recipe === undefined || runsAt(frontier, size, gridPointAt(frontier.grid, logFlops)).includes(run);
	const end = logTokens.at(-1)!;
	const points: Point[] = [];
	let next = Number.POSITIVE_INFINITY;
	for (let i = logTokens.length - 1; i >= 0 && logTokens[i]! >= end - REACH; i--) {
		if (logTokens[i]! > next) continue;
		next = logTokens[i]! - SPACING;
		const tokens = Math.exp(logTokens[i]!);
		if (!counts(logTokens[i]! + Math.log(flopsPerToken))) continue;
		const point: Point = { run, parameters, tokens, flops: flopsPerToken * tokens, loss: Math.exp(logLoss[i]!) };
		// The distinct tokens seen cannot exceed the tokens seen.
		points.push(uniqueTokens === undefined ? point : { ...point, uniqueTokens: Math.min(uniqueTokens, tokens) });
	}
	return points.reverse();
}

function budgetsOf(single: readonly Point[], budgets: readonly number[]): { slices: Slice[]; outside: Point[] } {
	if (budgets.length === 0 || !budgets.every(Number.isFinite)) return findSlices(single);
	const named = namedSlices(single, budgets);
	const few = named.filter(({ points }) => points.length < FEWEST_SIZES);
	return {
		slices: named.filter(({ points }) => points.length >= FEWEST_SIZES),
		outside: few.flatMap(({ points }) => points),
	};
}

/** Number of budgets that curves are cut at. */
const CUTS = 8;

/** Each size's loss at evenly spaced compute between the first and last crossing of the frontier. */
function slicesOf(frontier: Frontier): Slice[] {
	const { grid, sizes, logCost, envelope } = frontier;
	const crossings = genuineCrossings(envelope).map((crossing) => crossing.logFlops);
	const inside = (x: number) => crossings.length < 2 || (x >= crossings[0]! && x <= crossings.at(-1)!);
	const columns = [...grid.logFlops.keys()].filter(
		(g) =>
			inside(grid.logFlops[g]!) && grid.logLoss.filter((values) => Number.isFinite(values[g]!)).length >= FEWEST_SIZES,
	);
	const cuts = Math.min(CUTS, columns.length);
	return Array.from({ length: cuts }, (_, c) => {
		const g = columns[Math.round((c * (columns.length - 1)) / Math.max(1, cuts - 1))]!;
		const flops = Math.exp(grid.logFlops[g]!);
		const points = sizes.flatMap(({ parameters }, s) => {
			const loss = Math.exp(grid.logLoss[s]![g]!);
			if (!Number.isFinite(loss)) return [];
			// The first run's id stands for all seeds, which are averaged and move together.
			return [{ run: runsAt(frontier, s, g)[0]!, parameters, tokens: flops / Math.exp(logCost[s]!), flops, loss }];
		});
		return { flops, points };
	});
}
