import { expect, test } from "vitest";
import { effectiveTokens, fitRepetition, tokensAtLoss } from "../../../src/experiments/statistics/repetition.ts";

test("repeated tokens are worth less and less, and never more than 1 + R* epochs", () => {
	expect(effectiveTokens(1000, 800, 15)).toBe(800);
	expect(effectiveTokens(1000, 2000, 15)).toBeCloseTo(1000 + 15_000 * (1 - Math.exp(-1 / 15)), 9);
	expect(effectiveTokens(1000, 1e9, 15)).toBeCloseTo(16_000, 6);
	expect(effectiveTokens(1000, 2000, 1e6)).toBeCloseTo(2000, 2);
});

test.each([0.5, 4, 15.39, 200])("R_D* = %d is found from exact values", (worth) => {
	const measured = [1000, 4000].flatMap((unique) =>
		[1, 2, 4, 8, 16, 32].map((epochs) => ({
			...{ unique, tokens: epochs * unique },
			effective: effectiveTokens(unique, epochs * unique, worth),
		})),
	);
	expect(fitRepetition(measured)! / worth).toBeCloseTo(1, 6);
});

test("text that was not repeated says nothing", () => {
	expect(
		fitRepetition([1, 1.2, 1.4].map((epochs) => ({ unique: 10, tokens: 10 * epochs, effective: 10 * epochs }))),
	).toBeNull();
});

test("the tokens at a loss, without extrapolation", () => {
	const curve = { tokens: [100, 1000, 10_000], loss: [5, 4, 3] };
	expect(tokensAtLoss(curve, 5)).toBe(100);
	expect(tokensAtLoss(curve, 4.5)).toBeCloseTo(316.2278, 3);
	expect(tokensAtLoss(curve, 3)).toBeCloseTo(10_000, 9);
	expect(tokensAtLoss(curve, 5.1)).toBeNull();
	expect(tokensAtLoss(curve, 2.9)).toBeNull();
});
