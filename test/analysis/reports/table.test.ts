import { expect, test } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { coefficientTable } from "../../../src/analysis/reports/table.ts";
import { PUBLISHED_EXPONENTS } from "../../../src/theory/published-exponents.ts";
import { expected } from "../../reference/expected.ts";
import { geometricSizes, syntheticRuns } from "../synthetic-study.ts";

const analysis = analyzeStudy(syntheticRuns({ sizes: geometricSizes(5), curveNoise: 0.002, pointNoise: 0.005 }), {
	resamples: 100,
});

test("the study's two rows come first and hold its fits", () => {
	const [total, nonEmbedding, ...published] = coefficientTable(analysis);
	expect(total).toMatchObject({ kind: "study", convention: "total", source: null });
	expect(nonEmbedding).toMatchObject({ kind: "study", convention: "nonEmbedding" });
	for (const law of ["allocation", "tokens", "lossNoOffset", "lossWithOffset"] as const) {
		const fit = analysis.conventions.total[law];
		expect(total![law]).toMatchObject({ estimate: fit.estimate, low: fit.low, high: fit.high, level: 0.9 });
	}
	expect(published.every((row) => row.kind === "published" && row.source)).toBe(true);
});

test("without an estimate a cell has a reason and no interval", () => {
	const [total, ...rest] = coefficientTable(analyzeStudy([]));
	expect(total!.allocation).toMatchObject({ estimate: null, low: null, level: null });
	expect(total!.allocation.reason).toMatch(/no run has a usable loss curve/);
	for (const row of rest)
		for (const cell of [row.allocation, row.tokens, row.lossNoOffset, row.lossWithOffset])
			expect(cell.estimate === null).toBe(cell.reason !== null);
});

test("before the first analysis the study's rows have no numbers", () => {
	const [total, nonEmbedding, ...published] = coefficientTable(null);
	for (const row of [total!, nonEmbedding!])
		expect(row.allocation).toMatchObject({ estimate: null, low: null, level: null, reason: expect.any(String) });
	expect(published).toEqual(coefficientTable(analysis).slice(2));
});

test("a study of several learning rates has rows for both rules from the start", () => {
	const rows = coefficientTable(null, true).filter(({ kind }) => kind === "study");
	expect(rows.map(({ rule, convention }) => [rule, convention])).toEqual([
		["lowest loss over all rates", "total"],
		["lowest loss over all rates", "nonEmbedding"],
		["best rate at the end", "total"],
		["best rate at the end", "nonEmbedding"],
	]);
	expect(coefficientTable(analysis, true)).toHaveLength(coefficientTable(analysis).length + 2);
});

test("published numbers agree with the reference collection", () => {
	const row = (label: RegExp) => PUBLISHED_EXPONENTS.find((fit) => label.test(fit.label))!;
	for (const method of [1, 2, 3]) {
		const { a, ci, b, b_ci } = expected.hoffmann_table2[`approach${method}`];
		const { allocation, tokens } = row(new RegExp(`Chinchilla, Method ${method}`));
		expect(allocation).toEqual({ estimate: a, interval: { low: ci[0], high: ci[1], level: 0.8 } });
		expect(tokens).toEqual({ estimate: b, interval: { low: b_ci[0], high: b_ci[1], level: 0.8 } });
	}
	const { L_C, L_Cmin, Nopt_C, Nopt_Cmin } = expected.kaplan_constants;
	expect(row(/fixed batch/).lossNoOffset!.estimate).toBe(L_C.aC);
	expect(Nopt_C).toContain(`^${row(/fixed batch/).allocation.estimate}`);
	expect(row(/critical batch/).lossNoOffset!.estimate).toBe(L_Cmin.aC);
	expect(Nopt_Cmin).toContain(`^${row(/critical batch/).allocation.estimate}`);
});
