import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

const plan = await planOfPreset("shape");

test("the loss of each shape at its best rate, and how much they differ", () => {
	// Best at two layers; the best rate is .003 for all, others cost 2 %.
	const results = resultsOf(plan, ({ model, optimizer }) => {
		const worse = Math.abs(Math.log2(model.layers) - 1) * 0.03;
		return 4 * (1 + worse) * (optimizer.learningRate === 0.003 ? 1 : 1.02);
	});
	const { sentence, figure, warnings } = answer(plan, results)!;
	expect(sentence).toBe(
		"Over aspect ratios from 1.38 to 32, the loss differs by 6.00000 (6.00000 to 6.00000) percent; it is lowest with width 22 and 2 layers.",
	);
	expect(warnings).toEqual([]);
	const rows = figure.table.rows.map((row) => [row[0], row[1], row[5], row[6]]);
	expect(rows).toEqual([
		[11, 8, 0.003, expect.closeTo(4.24, 9)],
		[16, 4, 0.003, expect.closeTo(4.12, 9)],
		[22, 2, 0.003, expect.closeTo(4, 9)],
		[32, 1, 0.003, expect.closeTo(4.12, 9)],
	]);
	expect(figure.marks.find(({ kind }) => kind === "dots")).toMatchObject({
		points: rows.map((_, i) => [expect.any(Number), rows[i]![3]]),
	});
});

test("a best rate at the edge of the grid is said; no runs give an empty figure", () => {
	const results = resultsOf(plan, ({ optimizer }) => 4 + optimizer.learningRate);
	expect(answer(plan, results)!.warnings).toEqual([
		expect.stringMatching(/^The best learning rate is the lowest.*; 32×1: 0\.0015\)\.$/),
	]);
	const none = answer(plan, [])!;
	expect(none.sentence).toBe("Fewer than two shapes have finished runs.");
	expect(none.figure.marks).toEqual([]);
});
