import { describe, expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

describe("data", async () => {
	const plan = await planOfPreset("data");
	/** The best size grows with the text: a power law of the text, and a penalty for other sizes. */
	const law = ({ corpus, model }: RunSpec) => {
		const best = corpus.uniqueTokens! < 8_000 ? 16 : 24;
		return 12 * corpus.uniqueTokens! ** -0.09 * (model.width === best ? 1 : 1.04);
	};

	test("the exponent of the best losses", () => {
		const { sentence, figure, warnings } = answer(plan, resultsOf(plan, law, 0.001))!;
		const [, estimate, low, high] = /D\^−([\d.]+) \(([\d.]+) to ([\d.]+)\)/.exec(sentence)!;
		expect(Number(estimate)).toBeCloseTo(0.09, 2);
		expect(Number(low)).toBeLessThan(0.09);
		expect(Number(high)).toBeGreaterThan(0.09);
		expect(figure.table.rows.map((row) => row[0])).toEqual([2500, 5e3, 1e4, 2e4, 4e4]);
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
		).toEqual([
			"With 2.50k, 5.00k, 10.0k, 20.0k, 40.0k tokens of text the largest model is the best one, so a larger one may do better.",
		]);
		expect(answer(plan, [])!.sentence).toBe(
			"Fewer than three amounts of text have finished runs whose loss had settled.",
		);
	});

	test("amounts whose loss was still falling at the end are no part of the law, and are said", () => {
		/** Above 15 thousand tokens of text the lowest loss is the last, and would have the law too flat. */
		const results = resultsOf(plan, (spec) => (spec.corpus.uniqueTokens! > 15_000 ? 5 : law(spec)), 0.001).map(
			(run) => {
				const at = run.spec.corpus.uniqueTokens! > 15_000 ? 0.95 : 0.5;
				const loss = [9, run.validationLoss! * 0.999];
				return { ...run, validationCurve: { tokens: [0.3 * run.tokens, at * run.tokens], loss } };
			},
		);
		const { sentence, warnings, figure } = answer(plan, results)!;
		expect(sentence).toMatch(/^From 2\.50k to 10\.0k tokens of text, .* D\^−0\.09/);
		expect(warnings[0]).toBe(
			"With 20.0k, 40.0k tokens of text the best model's loss was still falling when its training ended: longer training " +
				"would lower it, so the law leaves these amounts out.",
		);
		expect(figure.table.rows.map((row) => row.at(-1) !== null)).toEqual([false, false, false, true, true]);
	});
});
