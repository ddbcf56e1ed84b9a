import { expect, test } from "vitest";
import { lowestLoss, meanCurve, tokensToLoss } from "../../../src/experiments/statistics/mean-curve.ts";
import { targetLosses } from "../../../src/experiments/statistics/target-losses.ts";
import { planOfPreset, resultsOf, withCurves } from "../fixtures.ts";

const plan = await planOfPreset("optimizers");
const runs = withCurves(
	resultsOf(plan, () => 4),
	(spec, tokens) => (spec.seed === 1 ? 0.9 : 1 / 0.9) * 8 * tokens ** -0.06,
);
const pair = runs.filter(({ spec }) => spec.optimizer.learningRate === 0.003 && spec.optimizer.kind === "adamw");

test("the mean of ln L over seeds, from the end of the warmup", () => {
	const curve = meanCurve(pair);
	expect(Math.exp(curve.logTokens[0]!)).toBeGreaterThan(20 * 128);
	for (const [i, logTokens] of curve.logTokens.entries())
		expect(curve.logLoss[i]).toBeCloseTo(Math.log(8) - 0.06 * logTokens, 9);
});

test("a last point of few steps hardly counts", () => {
	// Points of 100 steps each, and one of the last step alone, far above the rest.
	const ends = [...Array.from({ length: 40 }, (_, i) => 100 * (i + 1)), 4001];
	const tokens = ends.map((end, i) => ((end + (ends[i - 1] ?? 0) + 1) / 2) * 128);
	const loss = tokens.map((at) => 8 * at ** -0.06);
	const odd = pair.map((run) => ({ ...run, curve: { tokens, loss: loss.with(-1, 1.2 * loss.at(-1)!) } }));
	expect(meanCurve(odd).logLoss.at(-1)! - Math.log(loss.at(-1)!)).toBeLessThan(0.02);
});

test("tokens to a loss, and the lowest loss within some tokens, invert each other", () => {
	const curve = meanCurve(pair);
	expect(tokensToLoss(curve, 8 * 2e5 ** -0.06)! / 2e5).toBeCloseTo(1, 6);
	expect(lowestLoss(curve, 2e5) / (8 * 2e5 ** -0.06)).toBeCloseTo(1, 2);
	expect(lowestLoss(curve)).toBe(Math.exp(curve.logLoss.at(-1)!));
	for (const loss of [8, 1, 8 * 3000 ** -0.06 + 1]) expect(tokensToLoss(curve, loss)).toBe(null);
	expect(lowestLoss(curve, 10)).toBe(Number.POSITIVE_INFINITY);
});

test("targets are reached by two thirds of the groups, the first ones after a quarter and half of the tokens", () => {
	const power = (factor: number, end: number) => {
		const logTokens = Array.from({ length: 200 }, (_, i) => Math.log(1000) + (i / 199) * Math.log(end / 1000));
		return { ...meanCurve(pair), logTokens, logLoss: logTokens.map((x) => Math.log(8 * factor) - 0.06 * x) };
	};
	const groups = [[power(1, 1e6), power(1.2, 1e6)], [power(1.01, 1e6)], [power(1, 1e5)]];
	const lowest = 8 * 1.01 * 1e6 ** -0.06;
	const targets = targetLosses(groups);
	expect(targets.length).toBe(3);
	expect(targets[2]).toBeGreaterThan(lowest);
	expect(targets[2]).toBeLessThan(lowest + 0.021);
	const tokens = targets.map((loss) => (loss / 8) ** (-1 / 0.06));
	expect(tokens[0]! / tokens[2]!).toBeCloseTo(0.25, 1);
	expect(targetLosses(groups.slice(1))).toEqual([]);
	expect(targetLosses([])).toEqual([]);
});
