import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { rich } from "../../../src/figures/rich-text.ts";
import { planOfPreset } from "../fixtures.ts";
import { lawRuns, nonEmbeddingExponent, TOTAL_EXPONENT, withDiverged } from "../law-runs.ts";

const plan = await planOfPreset("reconcile");
const options = { resamples: 200 };
// The best rate is the same for all sizes.
const runs = lawRuns(plan, {
	noise: 0.002,
	penalty: ({ optimizer }) => (optimizer.learningRate === 0.003 ? 1 : 1.03),
});

test("the same runs give two exponents, whose intervals hold the truth and are separate", () => {
	const { sentence, figure } = answer(plan, runs, options)!;
	expect(sentence).toMatch(
		/^The same runs give N\* ∝ C\^0\.\d\d \(0\.\d\d to 0\.\d\d\) in total parameters and C\^0\.\d\d \(.*\) in non-embedding parameters; the intervals are separate\.$/,
	);
	const ids = plan.runs.map(({ id }) => id);
	const truth = [TOTAL_EXPONENT, nonEmbeddingExponent(plan, ids)];
	for (const [i, [, rates, estimate, low, high, published]] of figure.table.rows.slice(0, 2).entries()) {
		expect(rates).toEqual(rich("lowest loss over 3 learning rates at each compute"));
		expect(low).toBeLessThan(truth[i]!);
		expect(high).toBeGreaterThan(truth[i]!);
		expect(estimate).toBeCloseTo(truth[i]!, 1);
		expect(published).toBe([0.5, 0.73][i]);
	}
	const other = figure.table.rows.slice(2).map(([, rates]) => rates);
	expect(other).toEqual(Array(2).fill(rich("the best of 3 learning rates at the end")));
	expect(figure.marks.filter(({ kind }) => kind === "band")).toHaveLength(2);
});

test("diverged runs are left out and named; half a study may have no exponent and says why", () => {
	const some = withDiverged(runs, ({ spec }) => spec.seed === 3 && spec.optimizer.learningRate === 0.006);
	expect(answer(plan, some, options)!.warnings).toContainEqual("4 of 36 runs are left out because the loss diverged.");
	const half = answer(
		plan,
		runs.filter(({ spec }) => spec.model.width < 20),
		options,
	)!;
	expect(half.sentence).toBe("The same runs give no exponent.");
	expect(half.warnings).toContainEqual(expect.stringMatching(/^All parameters: no exponent, because .*\.$/));
});

test("without runs the figure is empty", () => {
	const { sentence, figure, warnings } = answer(plan, [], options)!;
	expect(sentence).toBe("The same runs give no exponent.");
	expect(warnings).toContainEqual("All parameters: no exponent, because no run has a usable loss curve yet.");
	expect(figure.marks).toEqual([]);
	expect(figure.empty).toBe("No finished runs yet.");
	expect(figure.table.rows.map((row) => row.slice(2, 5))).toEqual([
		[null, null, null],
		[null, null, null],
	]);
});
