import { describe, expect, test } from "vitest";
import { parameterCounts } from "../../../src/architecture/size.ts";
import { answer } from "../../../src/experiments/answers.ts";
import { effectiveTokens } from "../../../src/experiments/statistics/repetition.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { resultOf } from "../../study/fixtures.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

describe("repeat", async () => {
	const plan = await planOfPreset("repeat");
	const worth = 6;

	/** Validation curves by a law of effective tokens, the whole curve of a run moved by its own noise. */
	function results(noise: number): RunResult[] {
		return plan.runs.map((run, i) => {
			const { uniqueTokens = Number.POSITIVE_INFINITY } = run.spec.corpus;
			const { total } = parameterCounts(run.spec.model);
			const tokens = Array.from({ length: 40 }, (_, at) => 15_000 * (at + 1));
			const moved = Math.exp(noise * normal(randomKey(3, "repeat"), i));
			const loss = tokens.map((read) => {
				const effective = uniqueTokens === Number.POSITIVE_INFINITY ? read : effectiveTokens(uniqueTokens, read, worth);
				return moved * (1 + 30 * total ** -0.3 + 40 * effective ** -0.3);
			});
			return { ...resultOf(run), validationCurve: { tokens, loss }, validationLoss: loss.at(-1)! };
		});
	}

	test("R_D* from exact curves, and from noisy ones within the interval", () => {
		const exact = answer(plan, results(0))!;
		expect(exact.sentence).toMatch(/^Repetitions lose their worth with R_D\* = (5\.9|6\.0)/);
		expect(exact.figure.table.rows.length).toBe(2 * 4);
		const noisy = answer(plan, results(0.003))!;
		const [, , low, high] = /= ([\d.]+) \(([\d.]+) to ([\d.]+)\)/.exec(noisy.sentence)!;
		expect(Number(low)).toBeLessThan(worth);
		expect(Number(high)).toBeGreaterThan(worth);
	});

	test("runs without a curve are counted; no runs are no answer", () => {
		expect(
			answer(
				plan,
				resultsOf(plan, () => 4),
			)!.warnings[0],
		).toMatch(/^30 of 30 runs were evaluated only once/);
		expect(answer(plan, [])!.sentence).toBe("Too few runs on repeated and on new text are finished.");
		expect(answer(plan, [])!.figure.marks).toEqual([]);
	});
});
