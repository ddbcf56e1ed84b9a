import { expect, test } from "vitest";
import { parameterCounts } from "../../src/architecture/size.ts";
import { planStudy } from "../../src/study/planner.ts";
import { valueFor } from "../../src/study/scaled.ts";
import { corpora, errorOf, studyWith } from "./fixtures.ts";

const counts = { total: 6400, nonEmbedding: 900 };

test("a setting is a number, or a power of the parameters", () => {
	expect(valueFor(12, counts)).toBe(12);
	expect(valueFor({ coefficient: 2, exponent: 0.5 }, counts)).toBeCloseTo(160, 12);
	expect(valueFor({ coefficient: 2, exponent: 0.5, parameters: "nonEmbedding" }, counts)).toBeCloseTo(60, 12);
});

test("batch sizes that follow the model's size", async () => {
	const batchSequences = [{ coefficient: 0.5, exponent: 0.5 }];
	const study = studyWith({ batchSequences, tokens: [100_000], learningRates: [0.01] });
	const { runs } = await planStudy(study, corpora);
	for (const { spec } of runs) {
		const batch = 2 ** Math.round(Math.log2(0.5 * Math.sqrt(parameterCounts(spec.model).total)));
		expect(spec.batchSequences).toBe(batch);
		expect(spec.steps).toBe(Math.ceil(100_000 / (batch * 16)));
	}
	expect(new Set(runs.map(({ spec }) => spec.batchSequences)).size).toBe(2);
});

test("a batch that is too large names the size", () => {
	const batchSequences = [8, { coefficient: 1000, exponent: 1 }];
	expect(errorOf(() => studyWith({ batchSequences })).message).toMatch(
		/^study: batchSequences\[1\] gives sizes\[0\] batches of 4,194,304 sequences; the maximum is 65,536$/,
	);
});

test("compute budgets give larger models fewer tokens", async () => {
	const { runs, perRun } = await planStudy(studyWith({ flops: [1e9, 4e9], learningRates: [0.01] }), corpora);
	expect(runs.length).toBe(6);
	for (const { id, spec } of runs) {
		const { flops } = perRun[id]!;
		const budget = flops.total > 2e9 ? 4e9 : 1e9;
		// Half a step at most.
		expect(Math.abs(flops.total - budget)).toBeLessThanOrEqual(0.5001 * (flops.total / spec.steps));
	}
});

test("a compute budget below one step names the size", () => {
	expect(errorOf(() => studyWith({ flops: [1e3] })).message).toBe(
		"study: flops asks for 0 steps with batches of 32 sequences for sizes[0]; the minimum is 1",
	);
});
