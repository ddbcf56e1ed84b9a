import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { bestAllocation, lossAt } from "../../../src/theory/loss-law.ts";
import { planOfPreset } from "../fixtures.ts";
import { LAB_LAW, lawRuns, TOTAL_EXPONENT, withDiverged } from "../law-runs.ts";

const plan = await planOfPreset("isoflop");
const options = { resamples: 200 };
/** Best sizes of 9 to 40 thousand parameters at the budgets of the preset. */
const law = { ...LAB_LAW, B: 75 };
const runs = lawRuns(plan, {
	law,
	noise: 0.001,
	penalty: ({ optimizer }) => (optimizer.learningRate === 0.003 ? 1 : 1.03),
});

/** The exponent of the size that is best when each may be any in between, along the sizes of the study. */
function continuousExponent(flops: readonly number[]): number {
	const sizes = plan.runs.map(({ id }) => plan.perRun[id]!.parameters).sort((p, q) => p.total - q.total);
	const totalOf = (nonEmbedding: number) => {
		const i = Math.max(
			1,
			sizes.findIndex((size) => size.nonEmbedding >= nonEmbedding),
		);
		const [p, q] = [sizes[i - 1]!, sizes[i]!];
		const share = Math.log(nonEmbedding / p.nonEmbedding) / Math.log(q.nonEmbedding / p.nonEmbedding) || 0;
		return p.total * (q.total / p.total) ** share;
	};
	const best = flops.map((C) => {
		const tried = Array.from({ length: 2000 }, (_, i) => 888 * (50_880 / 888) ** (i / 1999));
		const loss = (N: number) => lossAt(law, totalOf(N), C / (6 * N));
		return tried.reduce((p, q) => (loss(q) < loss(p) ? q : p));
	});
	return Math.log(best.at(-1)! / best[0]!) / Math.log(flops.at(-1)! / flops[0]!);
}

test("valleys at each budget, and exponents of their minima that hold the truth", () => {
	const { sentence, figure, warnings } = answer(plan, runs, options)!;
	expect(sentence).toMatch(
		/^4 of 4 budgets of total compute have a best size within the range of sizes; the minima give N\* ∝ C\^/,
	);
	const intervals = [...sentence.matchAll(/(0\.\d+) \((\d\.\d+) to (\d\.\d+)\)/g)].map((match) => match.map(Number));
	const truth = [TOTAL_EXPONENT, continuousExponent([6e9, 6.5e10])];
	for (const [i, [, , low, high]] of intervals.entries()) {
		expect(low).toBeLessThan(truth[i]!);
		expect(high).toBeGreaterThan(truth[i]!);
	}
	expect(intervals).toHaveLength(2);
	expect(figure.table.rows).toHaveLength(8);
	for (const [, flops, , best] of figure.table.rows.slice(0, 4)) {
		const { parameters } = bestAllocation(law, Number(flops));
		expect(Math.abs(Math.log(Number(best) / parameters))).toBeLessThan(0.1);
	}
	expect(figure.marks.filter(({ kind }) => kind === "dots")).toHaveLength(5);
	expect(warnings).toContainEqual(
		expect.stringMatching(/^All parameters: At 1.50e\+11 FLOP the lowest loss is that of/),
	);
});

test("minima at the end of the range are left out and said", () => {
	const late = answer(plan, lawRuns(plan, { law: { ...law, B: 8 } }), options)!;
	expect(late.sentence).toMatch(/^0 of 4 budgets .*; the minima give no exponent\.$/);
	expect(late.warnings).toContainEqual(expect.stringMatching(/the minimum lies at or beyond the largest size/));
});

test("part of a study, diverged runs and one seed", () => {
	const first = answer(plan, runs.slice(0, 10), options)!;
	expect(first.sentence).toBe("No budget has finished runs of four sizes.");
	const some = withDiverged(runs, ({ spec }) => spec.optimizer.learningRate === 0.006);
	expect(answer(plan, some, options)!.sentence).toMatch(/in non-embedding parameters\.$/);
	const single = runs.filter(({ spec }) => spec.seed === 1);
	expect(answer(plan, single, options)!.sentence).toMatch(/C\^0\.\d+ \(.*\) in total parameters/);
});

test("without runs the figure is empty", () => {
	const { figure, sentence } = answer(plan, [], options)!;
	expect(sentence).toBe("No budget has finished runs of four sizes.");
	expect(figure.marks).toEqual([]);
	expect(figure.table.rows).toEqual([]);
});
