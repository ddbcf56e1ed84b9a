import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { plainText, type RichText } from "../../../src/figures/rich-text.ts";
import { planOf } from "../fixtures.ts";
import { lawRuns, nonEmbeddingExponent, stretched, TOTAL_EXPONENT, withDiverged } from "../law-runs.ts";

const plan = await planOf(stretched(presetNamed("schemes")!.study));
const options = { resamples: 100 };
const runs = lawRuns(plan, { noise: 0.001 });
const found = answer(plan, runs, options)!;
const names = found.figure.table.rows.map(([name]) => plainText(name as RichText));

test("whole curves and ends of annealed runs give the exponents of the law they follow", () => {
	expect(names).toEqual([
		"constant, one rate",
		"constant, best rate at the end",
		"constant, best rate at each compute",
		"one cosine",
		"a cosine for each budget",
		"branches of one trunk",
	]);
	const ids = plan.runs.map(({ id }) => id);
	const truth = [TOTAL_EXPONENT, nonEmbeddingExponent(plan, ids)];
	let held = 0;
	for (const [, , ...cells] of found.figure.table.rows)
		for (const [i, value] of truth.entries()) {
			const [estimate, low, high] = cells.slice(3 * i).map(Number);
			expect(Math.abs(estimate! - value)).toBeLessThan(0.06);
			if (low! < value && value < high!) held++;
		}
	expect(held).toBeGreaterThanOrEqual(10);
});

test("the sentence compares the schemes with the ways of counting, and whole curves that anneal are warned of", () => {
	expect(found.sentence).toMatch(
		/^Between the schemes the exponent goes from 0\.\d+ \(.*\) for “.*” to 0\.\d+ .* in total parameters and from .* in non-embedding parameters\. Within a scheme, counting without embeddings adds 0\.\d\d to 0\.\d\d\.$/,
	);
	expect(found.warnings[0]).toMatch(/^one cosine: read from whole curves, .* the mistake Hoffmann et al\. 2022/);
	expect(found.figure.x.categories).toEqual(names);
	expect(found.figure.marks.map(({ kind }) => kind)).toEqual(["rule", "rule", "dots", "dots"]);
});

test("a rate that is best only late changes what is read at the end, not what is read at each compute", () => {
	// The higher rate is slow at first and wins at the end, later for larger models.
	const late = lawRuns(plan, {
		penalty: ({ optimizer, model }, tokens) =>
			optimizer.learningRate === 0.003 ? 1 : 0.995 + 0.06 * Math.exp(-tokens / (1000 * model.width ** 1.5)),
	});
	const { rows } = answer(plan, late, { resamples: 0 })!.figure.table;
	const [oneRate, atEnd, anywhere] = rows.map((row) => Number(row[2]));
	expect(Math.abs(anywhere! - oneRate!)).toBeLessThan(Math.abs(atEnd! - oneRate!));
});

test("an arm without runs, diverged runs and one seed", () => {
	const arms = new Set(plan.arms.slice(3).flatMap(({ runIds }) => runIds));
	const part = answer(
		plan,
		runs.filter(({ id }) => !arms.has(id)),
		options,
	)!;
	expect(part.warnings).toContainEqual(
		"branches of one trunk, N_T: no exponent, because no run has a usable loss curve yet.",
	);
	expect(part.figure.table.rows).toHaveLength(6);
	const some = withDiverged(runs, ({ spec }) => spec.optimizer.learningRate === 0.006);
	expect(answer(plan, some, options)!.figure.table.rows[1]!.slice(2)).toEqual(
		found.figure.table.rows[0]!.slice(2).map((value) => expect.closeTo(Number(value), 6)),
	);
	const single = runs.filter(({ spec }) => spec.seed === 1);
	expect(answer(plan, single, options)!.sentence).toMatch(/^Between the schemes/);
});

test("without runs the figure is empty", () => {
	const { sentence, figure } = answer(plan, [], options)!;
	expect(sentence).toBe("Fewer than two schemes have an exponent.");
	expect(figure.marks).toEqual([]);
});
