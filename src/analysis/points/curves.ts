import { groupBy } from "../../maths/group-by.ts";
import { quantileSorted } from "../../maths/quantile.ts";
import { type LogCurve, logCurve } from "./log-curve.ts";
import { groupBySize, listed } from "./one-size.ts";
import type { Point } from "./point.ts";

/** Fewest distinct token counts that make a run a training curve; with fewer, its points are single measurements. */
const FEWEST = 5;

/** A run whose points form a training curve. */
export interface Curve {
	run: string;
	parameters: number;
	/** C / D, the median over the points. */
	flopsPerToken: number;
	recipe: string | undefined;
	/** As measured. */
	points: readonly Point[];
	/** Cleaned and smoothed. */
	curve: LogCurve;
}

/** Sorts points into training curves and single measurements. */
export function splitCurves(points: readonly Point[]): { curves: Curve[]; single: Point[]; notes: string[] } {
	const { runs, note } = runsOf(points);
	const curves: Curve[] = [];
	const single: Point[] = [];
	for (const members of runs) {
		const curve = members.length >= FEWEST ? curveOf(members) : null;
		if (curve) curves.push(curve);
		else single.push(...members);
	}
	return { curves, single, notes: note === null ? [] : [note] };
}

/**
 * The points of each run. A run has one size; a label that covers several names a group, such as a budget or a seed, and each
 * size in it is a run of its own.
 */
function runsOf(points: readonly Point[]): { runs: Point[][]; note: string | null } {
	const groups: string[] = [];
	const labels = groupBy(points, ({ run }) => run);
	const runs = [...labels].flatMap(([label, members]) => {
		const sizes = groupBySize(members, ({ parameters }) => parameters);
		if (sizes.length === 1) return [members];
		groups.push(`"${label}" has ${sizes.length}`);
		return sizes.map(({ parameters, members }) =>
			members.map((point) => ({ ...point, run: `${label}, N = ${parameters.toPrecision(4)}` })),
		);
	});
	if (groups.length === 0) return { runs, note: null };
	return {
		runs,
		note:
			`${groups.length} of ${labels.size} run labels cover several sizes (${listed(groups)}): they name groups, such as budgets ` +
			"or seeds, and each size of a group counts as a run of its own.",
	};
}

function curveOf(points: readonly Point[]): Curve | null {
	const steps = points.every((p) => p.steps !== undefined) ? points.map((p) => p.steps!) : null;
	const curve = logCurve({ tokens: points.map((p) => p.tokens), loss: points.map((p) => p.loss) }, 0, steps);
	if (curve.logTokens.length < FEWEST) return null;
	const { run, parameters, recipe } = points[0]!;
	return { run, parameters, flopsPerToken: flopsPerTokenOf(points), recipe, points, curve };
}

/** C / D, the median over the points. */
export function flopsPerTokenOf(points: readonly Point[]): number {
	return quantileSorted(Float64Array.from(points, ({ flops, tokens }) => flops / tokens).sort(), 0.5);
}
