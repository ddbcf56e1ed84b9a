import { describe, expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

describe("shift", async () => {
	const plan = await planOfPreset("shift");
	const judged = (slope: number, noise: number) =>
		resultsOf(plan, ({ steps, model }) => 3 + 40 / steps ** 0.5 - model.width / 100, noise).map((run, i) => ({
			...run,
			evaluations: { "moby-dick": 1 + slope * run.validationLoss! + noise * normal(randomKey(5, "shift"), i) },
		}));

	test("losses that fall in step have a slope of 1 and a constant offset", () => {
		const { sentence, figure } = answer(plan, judged(1, 0.003))!;
		expect(sentence).toMatch(
			/^On moby-dick the loss is 1\.0\d* \(.*\) nats per token higher, .*: in step, as far as can be told\.$/,
		);
		expect(figure.table.rows.length).toBe(4 * 4 * 2);
		expect(answer(plan, judged(0.6, 0.003))!.sentence).toMatch(
			/changes by 0\.60\d* \(.*\) nats for each nat on the training text\.$/,
		);
	});

	test("runs that were not judged are not counted", () => {
		const { sentence, figure } = answer(
			plan,
			resultsOf(plan, () => 4),
		)!;
		expect(sentence).toBe("Fewer than three runs are finished.");
		expect(figure.marks).toEqual([]);
	});
});
