import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { EPOCH } from "../../../src/theory/specifications.ts";
import { planOfPreset } from "../fixtures.ts";
import { lawRuns, nonEmbeddingExponent, TOTAL_EXPONENT, withDiverged } from "../law-runs.ts";

const plan = await planOfPreset("vocabulary");
const options = { resamples: 200 };
const runs = lawRuns(plan, { noise: 0.001 });
const idsOf = (vocabulary: number) =>
	plan.runs.filter(({ spec }) => spec.model.vocabulary === vocabulary).map(({ id }) => id);

test("the exponent in non-embedding parameters rises with the vocabulary, the one in total parameters does not", () => {
	const { sentence, figure } = answer(plan, runs, options)!;
	expect(sentence).toMatch(
		/^The exponent goes from 0\.\d+ \(.*\) with 256 tokens to 0\.\d+ \(.*\) with 1024 tokens in non-embedding parameters, in theory from 0\.7\d to 0\.9\d, intervals apart; from .* in total parameters, in theory from 0\.51 to 0\.51, intervals that overlap\.$/,
	);
	expect(figure.table.rows.map(([vocabulary]) => vocabulary)).toEqual([256, 256, 512, 512, 1024, 1024]);
	expect(figure.marks.map(({ kind }) => kind)).toEqual(["line", "dots", "line", "dots"]);
});

test("exponents are near the truth and their intervals hold it about nine times in ten", () => {
	let held = 0;
	const rows = [1, 2, 3].flatMap(
		(seed) => answer(plan, lawRuns(plan, { noise: 0.001, seed }), { resamples: 100 })!.figure.table.rows,
	);
	for (const [i, [vocabulary, , estimate, low, high, theory, points]] of rows.entries()) {
		const ids = idsOf(Number(vocabulary));
		const truth = i % 2 === 0 ? TOTAL_EXPONENT : nonEmbeddingExponent(plan, ids);
		expect(Math.abs(Number(estimate) - truth)).toBeLessThan(0.03);
		if (Number(low) < truth && truth < Number(high)) held++;
		expect(points).toBe(3);
		if (i % 2 === 1) expect(theory).toBeCloseTo(nonEmbeddingExponent(plan, ids, EPOCH.law), 12);
	}
	expect(held).toBeGreaterThanOrEqual(14);
	expect(rows).toHaveLength(18);
});

test("a vocabulary that is missing, diverged or half trained is left out, and its reason is said", () => {
	const some = withDiverged(runs, ({ spec }) => spec.model.vocabulary === 512);
	const { sentence, warnings, figure } = answer(plan, some, options)!;
	expect(sentence).toMatch(/with 256 tokens to .* with 1024 tokens/);
	expect(warnings).toContainEqual(expect.stringMatching(/^vocabulary 512, N_T: no exponent, because /));
	expect(figure.table.rows[2]!.slice(2, 5)).toEqual([null, null, null]);
	const one = runs.filter(({ spec }) => spec.model.vocabulary === 256);
	expect(answer(plan, one, options)!.sentence).toBe("Fewer than two vocabularies have an exponent.");
});

test("without runs the figure is empty", () => {
	const { figure, warnings } = answer(plan, [], options)!;
	expect(figure.marks).toEqual([]);
	expect(warnings).toEqual([]);
});
