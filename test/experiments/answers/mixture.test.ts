import { describe, expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

describe("mixture", async () => {
	const plan = await planOfPreset("mixture");
	const share = ({ corpus }: RunSpec) =>
		corpus.mix?.find(({ id }) => id === "king-james-bible")?.weight ?? (corpus.id === "sotu" ? 0 : 1);
	const results = resultsOf(plan, () => 4).map((run, i) => {
		const noise = 0.002 * normal(randomKey(9, "mixture"), i);
		const novel = 3.8 + 1.2 * Math.exp(-9 * share(run.spec)) + noise;
		const speeches = 3.9 + 0.25 * Math.exp(1.4 * share(run.spec)) + noise;
		return { ...run, evaluations: { sotu: speeches, "king-james-bible": novel } };
	});

	test("what the first share changes on each text, and how well mixtures predict each other", () => {
		const { sentence, figure } = answer(plan, results)!;
		expect(sentence).toMatch(/5 % of king-james-bible changes the loss on sotu by 0\.0\d+ \(/);
		expect(sentence).toMatch(/5 % of king-james-bible changes the loss on king-james-bible by −0\.4\d+ \(/);
		expect(figure.table.rows.length).toBe(2 * 2 * 7);
		expect(figure.table.rows.map((row) => row[2]).slice(0, 7)).toEqual([0, 0.05, 0.15, 0.35, 0.6, 0.85, 1]);
	});

	test("no runs are no answer", () => {
		expect(answer(plan, [])!.sentence).toBe("Fewer than two mixtures have finished runs.");
		expect(answer(plan, results.slice(0, 2))!.figure.marks.length).toBeGreaterThan(0);
	});
});
