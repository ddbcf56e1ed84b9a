import { expect, test } from "vitest";
import { analyzeStudy } from "../../src/analysis/method1/analyze-study.ts";
import { planStudy } from "../../src/study/planner.ts";
import { predictPlan } from "../../src/study/prediction.ts";
import { totalParameters } from "../../src/theory/embedding.ts";
import { predictStudy } from "../../src/theory/prediction.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { LAW, syntheticRuns } from "../analysis/synthetic-study.ts";
import { corpora, studyWith } from "./fixtures.ts";

test("a plan's prediction rests on exact counts and the largest budgets, for each vocabulary", async () => {
	const plan = await planStudy(studyWith({ vocabularies: [256, 2048], tokens: [20_000, 80_000] }), corpora);
	const predictions = predictPlan(plan, EPOCH.law);
	expect(predictions.map(({ vocabulary, context }) => [vocabulary, context])).toEqual([
		[256, 16],
		[2048, 16],
	]);
	for (const { vocabulary, sizes, total, nonEmbedding } of predictions) {
		const runs = plan.runs.filter(({ spec }) => spec.model.vocabulary === vocabulary);
		const counts = new Set(runs.map(({ id }) => plan.perRun[id]!.parameters.total));
		expect(sizes.map((size) => size.total)).toEqual([...counts].sort((a, b) => a - b));
		expect(new Set(sizes.map(({ tokens }) => tokens))).toEqual(new Set([80_384]));
		expect(nonEmbedding.continuous!).toBeGreaterThan(total.continuous!);
		expect(total.exponent).toBeCloseTo(total.continuous!, 2);
	}
	// With a larger vocabulary, more of the model is embeddings, and the two conventions differ more.
	expect(predictions[1]!.nonEmbedding.continuous).toBeGreaterThan(predictions[0]!.nonEmbedding.continuous!);
});

test("Method 1 on runs that obey the law finds the predicted exponents in both ways of counting", () => {
	const tokens = 4e8;
	const sizes = [2e3, 5e3, 1.5e4, 4e4, 1e5, 2.2e5].map((nonEmbedding) => ({
		nonEmbedding,
		total: Math.round(totalParameters({ omega: 800, delta: 0.4 }, nonEmbedding)),
		tokens,
	}));
	const predicted = predictStudy(LAW, sizes);
	const found = analyzeStudy(syntheticRuns({ sizes, tokens, points: 4000 })).conventions;
	expect(predicted.nonEmbedding.exponent! - predicted.total.exponent!).toBeGreaterThan(0.1);
	for (const count of ["total", "nonEmbedding"] as const) {
		expect(predicted[count].crossings.every(({ reached }) => reached)).toBe(true);
		expect(Math.abs(found[count].allocation.estimate! - predicted[count].exponent!)).toBeLessThan(0.005);
	}
});
