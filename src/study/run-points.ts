import type { LeftOut } from "../analysis/fitting/fit.ts";
import { bestAtEnd, type RateRule } from "../analysis/method1/choose-rates.ts";
import { type Recipe, recipesOf } from "../analysis/method1/recipes.ts";
import { averagedSteps } from "../analysis/points/averaged-steps.ts";
import { comparableRuns } from "../analysis/points/comparable-runs.ts";
import type { PointRow } from "../analysis/points/points-file.ts";
import { recipeNames } from "../analysis/points/recipe-names.ts";
import { flopsPerTokenByPart } from "../architecture/flops.ts";
import type { RunResult } from "../run/run-result.ts";
import { isConstant as hasConstantRate } from "../run/schedule.ts";

/**
 * Converts runs to rows like those of a file of points. With a constant learning rate every point of the loss curve after
 * warmup stands for a shorter run, and `rates` says which learning rates of a size count. With any other schedule the
 * rate is still high before the end, so only the final loss counts (Hoffmann et al. 2022, section 3.1), at the learning
 * rate that is best there.
 */
export function rowsOfRuns(
	runs: readonly RunResult[],
	rates: RateRule = "envelope",
): { rows: PointRow[]; leftOut: LeftOut[] } {
	const all = recipesOf(runs);
	const single = bestAtEnd(all.recipes);
	const competes = (recipe: Recipe) => rates === "envelope" && isConstant(recipe);
	const used = [...all.recipes.filter(competes), ...single.recipes.filter((recipe) => !competes(recipe))];
	const counted = new Set(used.flatMap(({ members }) => members.map(({ run }) => run.id)));
	const leftOut = [...all.leftOut, ...single.leftOut.filter(({ run }) => !counted.has(run))];
	const names = recipeNames(runs);
	const byId = new Map(runs.map((run, i) => [run.id, { ...run, line: i + 1 }]));
	const rows: PointRow[] = [];
	for (const recipe of used)
		for (const { run, curve } of recipe.members) {
			const { id, line, spec, parameters, tokens, curve: measured } = byId.get(run.id)!;
			const { vocabulary, width } = spec.model;
			const row = {
				line,
				run: id,
				total: parameters.total,
				nonEmbedding: parameters.nonEmbedding,
				head: vocabulary * width,
				flops: null,
				uniqueTokens: spec.corpus.uniqueTokens ?? null,
				budget: null,
				annealed: !isConstant(recipe),
				recipe: isConstant(recipe) ? names.get(id)! : null,
				steps: null,
				cost: flopsPerTokenByPart(spec.model),
			};
			if (!isConstant(recipe) && run.status === "stopped")
				leftOut.push({ run: id, reason: "it was stopped while its learning rate was still high" });
			else if (!isConstant(recipe)) rows.push({ ...row, tokens, loss: Math.exp(curve.logLoss.at(-1)!) });
			else {
				const tokensPerStep = spec.batchSequences * spec.model.context;
				const warmup = spec.schedule.warmupSteps * tokensPerStep;
				const steps = averagedSteps(measured.tokens, tokensPerStep);
				for (const [i, at] of measured.tokens.entries()) {
					const loss = measured.loss[i]!;
					if (at > warmup && loss > 0) rows.push({ ...row, tokens: at, loss, steps: steps?.[i] ?? null });
				}
			}
		}
	return { rows, leftOut };
}

/** Thrown where runs give no points that can be fitted together. */
export class IncomparableRuns extends Error {
	override name = "IncomparableRuns";
}

/** The rows of runs that are of one corpus, vocabulary and context. @throws IncomparableRuns if they are of several, or none counts */
export function rowsOfComparableRuns(
	runs: readonly RunResult[],
	rates?: RateRule,
): { rows: PointRow[]; leftOut: LeftOut[] } {
	const groups = comparableRuns(runs);
	if (groups.length > 1)
		throw new IncomparableRuns(
			`the runs differ in corpus, vocabulary or context (${groups.length} combinations), so their losses cannot be compared`,
		);
	const found = rowsOfRuns(runs, rates);
	if (found.rows.length === 0) throw new IncomparableRuns("no run has a usable loss curve");
	return found;
}

function isConstant({ members }: Recipe): boolean {
	return hasConstantRate(members[0]!.run.spec.schedule);
}
