import type { Convention } from "../../architecture/flops.ts";
import type { CurveRun } from "../points/curve-run.ts";
import { compareAtEnd, type RateRule } from "./choose-rates.ts";
import { genuineCrossings, gridPointAt } from "./envelope.ts";
import type { Frontier } from "./frontier.ts";
import { familyLabel, type Recipe, ratesTried, sizeLabel } from "./recipes.ts";
import type { ChosenRate } from "./study-analysis.ts";

/** A convention's frontier and the recipes of its sizes, in the order of `Frontier.sizes` and their recipes. */
export interface FrontierRecipes {
	convention: Convention;
	frontier: Frontier;
	recipes: readonly (readonly Recipe[])[];
}

/** Where a recipe is the best of its size on a frontier. */
interface Part {
	/** D, in tokens. */
	from: number;
	to: number;
	/** Whether two sizes cross there. */
	atCrossing: boolean;
}

/**
 * The recipes that are the best of their size on the frontier in either convention, and where; of a size that is nowhere
 * on it, those that are best at the end. Ascending in total parameters.
 */
export function chosenRates(
	runs: readonly CurveRun[],
	used: readonly Recipe[],
	frontiers: readonly FrontierRecipes[],
): ChosenRate[] {
	const parts = new Map<Recipe, Part>();
	for (const each of frontiers) addParts(parts, each);
	const found = new Set([...parts.keys()].map(({ size }) => size));
	const chosen = compareAtEnd(used).flatMap(({ best, rates }) => {
		const family = used.filter(({ size, family }) => size === best.size && family === best.family);
		const tried = ratesTried(runs, best);
		const losses = rates.map(({ learningRate, loss }) => ({ learningRate, loss }));
		return family
			.filter((recipe) => (found.has(best.size) ? parts.has(recipe) : recipe.learningRate === best.learningRate))
			.map((recipe): ChosenRate => {
				const { learningRate, members } = recipe;
				const { run } = members[0]!;
				const part = parts.get(recipe);
				const extreme = learningRate === tried[0] || learningRate === tried.at(-1);
				return {
					size: sizeLabel(run),
					recipe: familyLabel(run),
					parameters: run.parameters,
					learningRate,
					runIds: members.map((member) => member.run.id),
					loss: rates.find((rate) => rate.learningRate === learningRate)?.loss ?? null,
					rates: losses,
					bestAt: part ? { from: part.from, to: part.to } : null,
					atGridEdge: extreme && (part?.atCrossing ?? true),
				};
			});
	});
	return chosen.sort(
		(p, q) => p.parameters.total - q.parameters.total || (p.bestAt?.from ?? 0) - (q.bestAt?.from ?? 0),
	);
}

function addParts(parts: Map<Recipe, Part>, { frontier, recipes }: FrontierRecipes): void {
	const { grid, envelope, recipe, logCost } = frontier;
	const crossings = genuineCrossings(envelope);
	const add = (size: number, g: number, atCrossing: boolean) => {
		const best = recipes[size]![recipe[size]![g]!]!;
		const tokens = Math.exp(grid.logFlops[g]! - logCost[size]!);
		const part = parts.get(best) ?? { from: tokens, to: tokens, atCrossing: false };
		part.from = Math.min(part.from, tokens);
		part.to = Math.max(part.to, tokens);
		part.atCrossing ||= atCrossing;
		parts.set(best, part);
	};
	envelope.best.forEach((size, g) => {
		if (size >= 0) add(size, g, false);
	});
	for (const { smaller, larger, logFlops } of crossings)
		for (const size of [smaller, larger]) add(size, gridPointAt(grid, logFlops), true);
}

/** The rule in words, such as "lowest loss over 3 learning rates at each compute"; null if no size has a choice. */
export function ruleText(rule: RateRule, recipes: readonly Recipe[]): string | null {
	const bySize = new Map<string, Recipe[]>();
	for (const recipe of recipes) bySize.set(recipe.size, [...(bySize.get(recipe.size) ?? []), recipe]);
	const most = Math.max(0, ...[...bySize.values()].map((own) => own.length));
	const rates = Math.max(0, ...[...bySize.values()].map((own) => new Set(own.map((each) => each.learningRate)).size));
	if (most < 2) return null;
	if (rule === "final") return rates < 2 ? null : `the best of ${rates} learning rates at the end`;
	return rates === most
		? `lowest loss over ${rates} learning rates at each compute`
		: `lowest loss over ${most} recipes at each compute (learning rate, schedule, batch, optimizer or length)`;
}
