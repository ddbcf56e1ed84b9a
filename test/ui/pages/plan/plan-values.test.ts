import { expect, test } from "vitest";
import { parametersOf, valuesOf } from "../../../../src/ui/pages/plan/plan-values.ts";

test("a link holds what differs from what the page begins with, and gives it back", () => {
	const first = valuesOf({});
	expect(first.flops).toBe(5.88e23);
	expect(parametersOf(first)).toEqual({});
	const changed = { ...first, flops: 1e21, inferenceTokens: 0, criticalBatch: 2e6 };
	expect(parametersOf(changed)).toEqual({ flops: 1e21, inferenceTokens: 0, criticalBatch: 2e6 });
	expect(valuesOf(parametersOf(changed))).toEqual(changed);
	expect(valuesOf({ flops: 5.88e23 })).toEqual(first);
});
