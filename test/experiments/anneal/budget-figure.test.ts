import { expect, test } from "vitest";
import {
	type BudgetScheme,
	budgetFigure,
	budgetPoints,
	tokensToTrain,
} from "../../../src/experiments/anneal/budget-figure.ts";
import { FIRST, STARTS, withStart } from "../../../src/experiments/anneal/starts.ts";
import { studyOf } from "../../../src/experiments/anneal/study-of-comparison.ts";
import { resultOf } from "../../study/fixtures.ts";
import { planOf } from "../fixtures.ts";

const comparison = withStart({ ...FIRST, tokens: 1_024_000 }, STARTS.find(({ id }) => id === "budgets")!);
const plan = await planOf(studyOf(comparison));

/** The runs of some arms as a scheme; only those with fewer tokens than `trained` have results. */
function scheme(name: string, arms: readonly number[], trained: number): BudgetScheme {
	const budgets = arms.map((arm) => {
		const runs = plan.runs.filter(({ id }) => plan.arms[arm]!.runIds.includes(id));
		const { spec } = runs[0]!;
		const tokens = spec.steps * spec.batchSequences * spec.model.context;
		return {
			tokens,
			runs,
			results: tokens < trained ? runs.map((run) => ({ ...resultOf(run), validationLoss: 3 })) : [],
		};
	});
	return { name, color: "ink", budgets };
}

test("cosines cost every run, decays of a trunk their tails and the trunk once", () => {
	const cosines = budgetPoints(scheme("cosines", [6, 4, 5], 1e7));
	expect(cosines.map(({ tokens }) => tokens)).toEqual([256_000, 512_000, 1_024_000]);
	expect(cosines.map(({ cost }) => cost)).toEqual([256_000, 768_000, 1_792_000]);
	const decays = budgetPoints(scheme("decays", [1, 2, 3], 1e7));
	// Each decays in the last fifth of its budget; the trunk goes on from the start of one to that of the next.
	expect(decays.map(({ cost }) => cost)).toEqual([256_000, 512_000 + 51_200, 1_024_000 + 51_200 + 102_400]);
	expect(decays.map(({ loss }) => loss)).toEqual([3, 3, 3]);
	// A trunk that is among the runs costs all of its steps.
	const trunk = plan.runs.find(({ id }) => plan.arms[0]!.runIds.includes(id))!;
	const tail = plan.runs.find(({ branch, spec }) => branch?.parent === trunk.id && spec.steps === trunk.spec.steps)!;
	expect(tokensToTrain([trunk, tail])).toBe(1_024_000 + 204_800);
});

test("budgets are drawn as their runs end, and what all cost is said before", () => {
	const figure = budgetFigure([scheme("Cosine", [4, 5, 6], 300_000), scheme("WSD", [1, 2, 3], 0)]);
	expect(figure.marks.map(({ kind }) => kind)).toEqual(["line", "dots"]);
	expect(figure.table.rows.map((row) => row.slice(1))).toEqual([
		[256_000, 256_000, 3],
		[512_000, 768_000, null],
		[1_024_000, 1_792_000, null],
		[256_000, 256_000, null],
		[512_000, 563_200, null],
		[1_024_000, 1_177_600, null],
	]);
	expect(figure.empty).toContain("In all they cost, each seed: Cosine: 1.79M tokens and WSD: 1.18M tokens.");
});
