import { groupBy } from "../../maths/group-by.ts";
import { geometricMean, mean } from "../../maths/least-squares.ts";
import type { SizeCurves } from "../method1/frontier.ts";
import { type Curve, flopsPerTokenOf } from "./curves.ts";
import { logCurve } from "./log-curve.ts";
import { groupBySize } from "./one-size.ts";
import type { Point } from "./point.ts";

/** Runs of one size whose token counts end within this factor are repetitions. */
const TOGETHER = 1.01;

/**
 * The sizes of curves, ascending. Runs of one size that name one recipe, or name none and end at the same token count, are
 * repetitions and are averaged.
 */
export function sizesOfCurves(curves: readonly Curve[]): SizeCurves[] {
	return groupBySize(curves, (run) => run.parameters).map(({ parameters, members }) => {
		const recipes: Curve[][] = [];
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

/** Without curves: joins the single measurements of each size, at different lengths, to one. */
export function sizesOfSingles(single: readonly Point[]): SizeCurves[] {
	return groupBySize(single, ({ parameters }) => parameters).flatMap(({ parameters, members }) => {
		const curve = logCurve({ tokens: members.map((p) => p.tokens), loss: members.map((p) => p.loss) });
		if (curve.logTokens.length < 2) return [];
		const runs = [...new Set(members.map(({ run }) => run))];
		const flopsPerToken = flopsPerTokenOf(members);
		return [{ label: sizeLabel(parameters), parameters, flopsPerToken, recipes: [{ runs, curves: [curve] }] }];
	});
}

/** Of the named recipes of a size that end together, only the one with the lowest mean loss there; null if none is worse. */
export function sizesBestAtEnd(curves: readonly Curve[]): SizeCurves[] | null {
	const dropped = new Set<Curve>();
	for (const { members } of groupBySize(curves, (run) => run.parameters)) {
		const recipes = [...groupBy(members, (run) => run.recipe).values()];
		const loss = (runs: readonly Curve[]) => mean(runs.map(({ curve }) => curve.logLoss.at(-1)!));
		for (const runs of recipes)
			if (recipes.some((other) => endTogether(other[0]!, runs[0]!) && loss(other) < loss(runs)))
				for (const run of runs) dropped.add(run);
	}
	return dropped.size > 0 ? sizesOfCurves(curves.filter((run) => !dropped.has(run))) : null;
}

function endTogether(p: Curve, q: Curve): boolean {
	return Math.abs(p.curve.logTokens.at(-1)! - q.curve.logTokens.at(-1)!) < Math.log(TOGETHER);
}

function sizeLabel(parameters: number): string {
	return `N = ${parameters.toPrecision(4)}`;
}
