import { describe, expect, it } from "vitest";
import { finalTrainingLoss } from "../../src/run/final-loss.ts";

describe("finalTrainingLoss", () => {
	it("averages the end of a curve", () => {
		expect(finalTrainingLoss({ tokens: [1], loss: [4] })).toBe(4);
		expect(finalTrainingLoss({ tokens: [], loss: [] })).toBeNull();
		const loss = Array.from({ length: 100 }, (_, i) => 100 - i);
		expect(finalTrainingLoss({ tokens: loss, loss })).toBe(3);
	});
});
