import type { CurveRun } from "../../analysis/points/curve-run.ts";
import { groupBy } from "../../maths/group-by.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import { bestCells, rateOf, specOf } from "./best-cells.ts";
import { type Cell, cellsOf } from "./cells.ts";

/** Equal for runs of one model size. */
export const sizeKey = ({ model }: RunSpec) => canonicalJson(model);

/** Equal for runs of one model size that train on as many tokens. */
export const endKey = (spec: RunSpec) => `${sizeKey(spec)} ${spec.steps * spec.batchSequences * spec.model.context}`;

/** The final validation losses of each size at each length, at the learning rate that is best there. */
export function bestEnds(runs: readonly RunResult[]): Cell[] {
	return bestCells(
		cellsOf(runs, ({ validationLoss }) => validationLoss),
		endKey,
	);
}

/**
 * The best ends of each size and seed as one curve of loss against tokens, for methods that take curves. Before its end, an
 * annealed run is not as good as one that is annealed there, so that of its own curve only the end counts.
 */
export function endsAsCurves(runs: readonly RunResult[]): CurveRun[] {
	const ends = bestEnds(runs).flatMap(({ runs: seeds, values }) => seeds.map((run, i) => ({ run, loss: values[i]! })));
	const curves = groupBy(ends, ({ run: { spec } }) => `${sizeKey(spec)} ${spec.seed}`);
	// The runs of a curve differ in length and rate. All curves of a size get the recipe of its first, and so are averaged.
	const recipes = new Map<string, RunSpec>();
	return [...curves].map(([id, members]) => {
		const { parameters, spec } = members[0]!.run;
		const sorted = [...members].sort((p, q) => p.run.tokens - q.run.tokens);
		const recipe = recipes.get(sizeKey(spec)) ?? spec;
		recipes.set(sizeKey(spec), recipe);
		return {
			...{ id, status: "finished", parameters },
			spec: { ...recipe, seed: spec.seed, schedule: { ...recipe.schedule, warmupSteps: 0 } },
			curve: { tokens: sorted.map(({ run }) => run.tokens), loss: sorted.map(({ loss }) => loss) },
		};
	});
}

/** A warning of how many ends rest on the lowest or highest learning rate tried; nothing without a choice of rates. */
export function endsAtEdge(runs: readonly RunResult[], ends: readonly Cell[]): string[] {
	const rates = groupBy(runs, ({ spec }) => endKey(spec));
	const atEdge = ends.filter((cell) => {
		const tried = rates.get(endKey(specOf(cell)))!.map(({ spec }) => spec.optimizer.learningRate);
		return new Set(tried).size > 1 && [Math.min(...tried), Math.max(...tried)].includes(rateOf(cell));
	});
	if (atEdge.length === 0) return [];
	return [
		`At ${atEdge.length} of ${ends.length} sizes and lengths the best learning rate is the lowest or highest one tried, so a better one may lie outside.`,
	];
}
