import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { Inference } from "../../src/model/inference.ts";
import { initialValues } from "../../src/model/init.ts";
import { choose, type SamplingOptions, sampleTokens } from "../../src/model/sampling.ts";

const config = modelConfig({ vocabulary: 13, context: 6, width: 8, layers: 1, heads: 2, tied: false });
// Weights ten times as large as at the start of training: a model with preferences.
const weights = new Map(
	parameterShapes(config).map((shape) => [shape.name, initialValues(shape, 4).map((value) => 10 * value)]),
);

function sample(count: number, options: Partial<SamplingOptions> = {}, prompt = [1, 2]): number[] {
	const tokens = sampleTokens(new Inference(config, weights), prompt, {
		...{ temperature: 1, topK: Number.POSITIVE_INFINITY, seed: 1 },
		...options,
	});
	return Array.from({ length: count }, () => tokens.next().value);
}

test("the seed decides, longer samples begin as shorter ones, and each token follows from those before", () => {
	expect(sample(30)).toEqual(sample(30));
	expect(sample(30).slice(0, 7)).toEqual(sample(7));
	expect(sample(30, { seed: 2 })).not.toEqual(sample(30));
	expect(sample(30, {}, [3])).not.toEqual(sample(30));
});

test("temperature 0 and top-k 1 take the likeliest token, as without a cache", () => {
	const greedy = sample(4, { temperature: 0 });
	expect(sample(4, { topK: 1 })).toEqual(greedy);
	const tokens = [1, 2];
	for (const expected of greedy) {
		const model = new Inference(config, weights);
		const logits = tokens.map((token) => model.next(token)).at(-1)!;
		expect(logits.indexOf(Math.max(...logits))).toBe(expected);
		tokens.push(expected);
	}
});

test("beyond the context the model continues from its last half", () => {
	const tokens = sample(5, { temperature: 0 }, [1, 2]);
	// Six tokens fill the context; the next one follows the last three.
	expect(sample(1, { temperature: 0 }, [1, 2, ...tokens].slice(-3))).toEqual(sample(6, { temperature: 0 }).slice(5));
	expect(sample(2, {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]).every((token) => token < 13)).toBe(true);
});

test("tokens are drawn by their probabilities, sharper at lower temperatures, among the k likeliest", () => {
	const logits = Float64Array.of(Math.log(1), Math.log(4), Math.log(2), Math.log(1));
	const counts = (options: { temperature: number; topK: number }) => {
		const found = [0, 0, 0, 0];
		for (let i = 0; i < 1000; i++) found[choose(logits, (i + 0.5) / 1000, options)]!++;
		return found;
	};
	expect(counts({ temperature: 1, topK: 4 })).toEqual([125, 500, 250, 125]);
	expect(counts({ temperature: 1, topK: 2 })).toEqual([0, 667, 333, 0]);
	expect(counts({ temperature: 0.5, topK: 2 })).toEqual([0, 800, 200, 0]);
});

test("a prompt without tokens", () => {
	expect(() => sample(1, {}, [])).toThrow("the prompt has no tokens; it must have at least one");
});
