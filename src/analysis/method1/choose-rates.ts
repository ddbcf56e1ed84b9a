import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import type { LeftOut } from "../fitting/fit.ts";
import type { CurveRun } from "../points/curve-run.ts";
import type { LogCurve } from "../points/log-curve.ts";
import { type Candidate, lastTokens, type Recipe, withoutStragglers } from "./recipes.ts";

/**
 * Which learning rates of a size count:
 *
 * - `envelope`: every rate; at each compute the one with the lowest loss (Hoffmann et al. 2022, section 3.1, take the
 *   minimum over all their runs)
 * - `final`: the one with the lowest loss at the end (Pearce & Song 2024, section 4)
 *
 * A rate that wins at the end may be slow at first. When larger sizes overtake smaller ones in that stretch, `final`
 * measures how fast the sizes start, not what they can reach.
 */
export const RATE_RULES = ["envelope", "final"] as const;
export type RateRule = (typeof RATE_RULES)[number];

/** Recipes of one family, compared at the last token count that they all reached. */
export interface Comparison {
	best: Recipe;
	/** Ascending in learning rate. */
	rates: { learningRate: number; loss: number; recipe: Recipe }[];
	/** Runs too far behind to be compared. */
	waiting: LeftOut[];
}

/** Compares the learning rates of each size and family by their final loss, mean over seeds. */
export function compareAtEnd(recipes: readonly Recipe[]): Comparison[] {
	return [...groupBy(recipes, ({ size, family }) => `${size} ${family}`).values()].map(compare);
}

/**
 * Keeps the best learning rate of each size, by the loss at the end. The choice is made separately for each schedule,
 * batch and length, whose final losses are not comparable. Only finished runs are compared; while a size has none, its
 * training runs are, except those far behind the furthest.
 */
export function bestAtEnd(recipes: readonly Recipe[]): { recipes: Recipe[]; leftOut: LeftOut[] } {
	const comparisons = compareAtEnd(recipes);
	const leftOut = comparisons.flatMap(({ best, rates, waiting }) => {
		const lowest = rates.find(({ recipe }) => recipe === best)!;
		const beaten = rates.filter(({ recipe }) => recipe !== best);
		return [
			...waiting,
			...beaten.flatMap(({ loss, recipe: { members } }) => {
				const reason =
					`learning rate ${best.learningRate} gave this size a lower loss at the end, ` +
					`${lowest.loss.toPrecision(4)} against ${loss.toPrecision(4)}`;
				return members.map(({ run }) => ({ run: run.id, reason }));
			}),
		];
	});
	return { recipes: comparisons.map(({ best }) => best), leftOut };
}

function compare(family: readonly Recipe[]): Comparison {
	const waiting: LeftOut[] = [];
	const all = family.flatMap(({ members }) => members);
	const statuses = new Set(all.map(({ run }) => run.status));
	const status = (["finished", "training"] as const).find((each) => statuses.has(each)) ?? "stopped";
	const keep = (members: Candidate[]) => {
		const others = "the runs that it is compared with";
		const isCompared = ({ run }: Candidate) => run.status === status;
		for (const member of members)
			if (!isCompared(member))
				waiting.push({ run: member.run.id, reason: `${whyBehind(member.run)}, behind ${others}` });
		const compared = members.filter(isCompared);
		return withoutStragglers(compared, waiting, others, all);
	};
	const compared = family
		.map((recipe) => ({ ...recipe, members: keep(recipe.members) }))
		.filter(({ members }) => members.length > 0);
	const end = Math.min(...compared.flatMap(({ members }) => members.map(lastTokens)));
	const rates = compared
		.map((recipe) => ({
			learningRate: recipe.learningRate,
			loss: Math.exp(mean(recipe.members.map(({ curve }) => valueAt(curve, end)))),
			recipe,
		}))
		.sort((p, q) => p.learningRate - q.learningRate);
	return { best: rates.reduce((p, q) => (q.loss < p.loss ? q : p)).recipe, rates, waiting };
}

function whyBehind({ status }: CurveRun): string {
	return status === "stopped" ? "it was stopped before its end" : "it is still training";
}

/** ln L at x = ln D within a curve, by linear interpolation. */
function valueAt({ logTokens, logLoss }: LogCurve, x: number): number {
	const after = logTokens.findIndex((value) => value >= x);
	if (after <= 0) return after === 0 ? logLoss[0]! : logLoss.at(-1)!;
	const t = (x - logTokens[after - 1]!) / (logTokens[after]! - logTokens[after - 1]!);
	return logLoss[after - 1]! + t * (logLoss[after]! - logLoss[after - 1]!);
}
