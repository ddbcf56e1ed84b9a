import { describe, expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

describe("data", async () => {
	const plan = await planOfPreset("data");
	/** The best size grows with the text: a power law of the text, and a penalty for other sizes. */
	const law = ({ corpus, model }: RunSpec) => {
		const best = corpus.uniqueTokens! < 30_000 ? 8 : 16;
		return 12 * corpus.uniqueTokens! ** -0.09 * (model.width === best ? 1 : 1.04);
	};

	test("the exponent of the best losses", () => {
		const { sentence, figure, warnings } = answer(plan, resultsOf(plan, law, 0.001))!;
		const [, estimate, low, high] = /D\^−([\d.]+) \(([\d.]+) to ([\d.]+)\)/.exec(sentence)!;
		expect(Number(estimate)).toBeCloseTo(0.09, 2);
		expect(Number(low)).toBeLessThan(0.09);
		expect(Number(high)).toBeGreaterThan(0.09);
		expect(figure.table.rows.map((row) => row[0])).toEqual([5e3, 1e4, 2e4, 4e4, 8e4, 16e4, 32e4]);
		expect(warnings).toEqual([]);
	});

	test("stopping early counts, and a largest model that is best is said", () => {
		const results = resultsOf(plan, ({ model }) => 5 - model.width / 100).map((run) => ({
			...run,
			validationCurve: { tokens: [100, 200], loss: [3, null] },
		}));
		const { figure } = answer(plan, results)!;
		expect(figure.table.rows[0]![2]).toBe(3);
		expect(
			answer(
				plan,
				resultsOf(plan, ({ model }) => 5 - model.width / 100),
			)!.warnings,
		).toEqual(["With 5.00k tokens of text and more the largest model is the best one, so a larger one may do better."]);
		expect(answer(plan, [])!.sentence).toBe("Fewer than three amounts of text have finished runs.");
	});
});
