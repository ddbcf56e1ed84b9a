import { expect, test } from "vitest";
import { planStudy } from "../../src/study/planner.ts";
import { predictPlan } from "../../src/study/prediction.ts";
import { EPOCH } from "../../src/theory/index.ts";
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
	// More kinds of token, more of the model in its embeddings: the two ways of counting part further.
	expect(predictions[1]!.nonEmbedding.continuous).toBeGreaterThan(predictions[0]!.nonEmbedding.continuous!);
});
