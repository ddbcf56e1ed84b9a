import fc from "fast-check";
import { expect, test } from "vitest";
import { averagedSteps } from "../../../src/analysis/points/averaged-steps.ts";
import { addStep, closePoint, emptyCurve } from "../../../src/train/curve.ts";

/** The curve of a run of so many steps, and the steps of each point as the trainer counts them. */
function trained(steps: number, tokensPerStep: number) {
	const state = emptyCurve();
	const counts: number[] = [];
	for (let step = 1; step <= steps; step++) {
		const before = state.count;
		if (addStep(state, step * tokensPerStep, { loss: 3, gradientNorm: 1, updateRatio: 1 }, null))
			counts.push(before + 1);
	}
	const left = state.count;
	if (closePoint(state, null)) counts.push(left);
	return { tokens: state.curve.tokens, counts };
}

test("the steps of each point of a trained curve follow from its tokens", () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 70_000 }), (steps, tokensPerStep) => {
			const { tokens, counts } = trained(steps, tokensPerStep);
			expect(averagedSteps(tokens, tokensPerStep)).toEqual(counts);
			expect(counts.reduce((sum, count) => sum + count, 0)).toBe(steps);
		}),
		{ seed: 5, numRuns: 100 },
	);
});

test("the last point of a run averages the steps that are left", () => {
	expect(averagedSteps(trained(955, 128).tokens, 128)!.slice(-3)).toEqual([51, 54, 10]);
});

test("tokens that are no means of successive steps have no count", () => {
	expect(averagedSteps([100, 250, 300], 100)).toBeNull();
	expect(averagedSteps([100, 200, 200], 100)).toBeNull();
	expect(averagedSteps([50], 100)).toBeNull();
	expect(averagedSteps([Number.NaN], 100)).toBeNull();
	expect(averagedSteps([], 100)).toEqual([]);
});
