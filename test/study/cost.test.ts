import { expect, test } from "vitest";
import { type ModelConfig, modelConfig } from "../../src/architecture/config.ts";
import { modelFlopsPerToken } from "../../src/architecture/flops.ts";
import { measuredSpeed, SECONDS_PER_DISPATCH, secondsFor } from "../../src/study/cost.ts";

/** Multiply–adds of the forward pass over one sequence, counted one matrix product at a time. */
function countedForward(config: ModelConfig): number {
	if (config.architecture === "lstm") {
		const { vocabulary, context, width, layers } = config;
		// Four gates read x, and four h.
		return context * (layers * (4 * width * width + 4 * width * width) + width * vocabulary);
	}
	const { vocabulary, context, width, layers, heads, keyValueHeads, headSize, hidden, activation } = config;
	const queries = heads * headSize;
	let multiplyAdds = 0;
	for (let position = 0; position < context; position++) {
		for (let layer = 0; layer < layers; layer++) {
			multiplyAdds += width * (queries + 2 * keyValueHeads * headSize) + queries * width;
			multiplyAdds += (activation === "swiglu" ? 3 : 2) * width * hidden;
			for (let seen = 0; seen <= position; seen++) multiplyAdds += queries + queries;
		}
		multiplyAdds += width * vocabulary;
	}
	return multiplyAdds;
}

test.each<ModelConfig>([
	{ architecture: "lstm", vocabulary: 300, context: 9, width: 20, layers: 2, biases: true, tied: true },
	modelConfig({ vocabulary: 256, context: 16, width: 8, layers: 1, heads: 1, tied: true }),
	modelConfig({ vocabulary: 50257, context: 5, width: 20, layers: 3, heads: 2, tied: true }),
	modelConfig({ vocabulary: 300, context: 1, width: 4, layers: 7, heads: 2, tied: false }),
	modelConfig({
		...{ vocabulary: 300, context: 9, width: 24, layers: 2, heads: 4, keyValueHeads: 2, headSize: 5, hidden: 31 },
		activation: "swiglu",
	}),
])("FLOPs per token are three forward passes' multiply–adds, two each: %j", (model) => {
	expect(modelFlopsPerToken(model) * model.context).toBe(3 * 2 * countedForward(model));
});

test("a measured speed gives back the time it was measured in", () => {
	for (const done of [
		{ flops: 1e9, dispatches: 1e4 },
		{ flops: 1e9, dispatches: 1e9 },
		{ flops: 1e12, dispatches: 0 },
	])
		expect(secondsFor(done, measuredSpeed(done, 3)!)).toBeCloseTo(3, 9);
});

test("small models measured first do not make large ones look slow", () => {
	const speed = { flopsPerSecond: 1e10, secondsPerDispatch: SECONDS_PER_DISPATCH };
	const small = { flops: 1e8, dispatches: 10_000 };
	const large = { flops: 1e11, dispatches: 20_000 };
	const estimate = secondsFor(large, measuredSpeed(small, secondsFor(small, speed))!);
	expect(estimate / secondsFor(large, speed)).toBeLessThan(4);
	expect((large.flops / small.flops) * secondsFor(small, speed)).toBeGreaterThan(10 * secondsFor(large, speed));
});

test("nothing measured, no speed", () => {
	expect(measuredSpeed({ flops: 0, dispatches: 0 }, 0)).toBeNull();
});
