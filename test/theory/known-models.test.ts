import { describe, expect, test } from "vitest";
import { parameterCounts } from "../../src/architecture/size.ts";
import { exactFlops } from "../../src/theory/exact-flops.ts";
import { configOf, KNOWN_MODELS } from "../../src/theory/known-models.ts";

const known = (id: string) => KNOWN_MODELS.find((model) => model.id === id)!.model;

describe("known models", () => {
	test.each([
		["gpt2", 124_439_808],
		["llama", 6_738_415_616],
	])("%s has %d parameters, as released", (id, total) => {
		expect(parameterCounts(configOf(known(id))).total).toBe(total);
	});

	test("GPT-3 has 175 billion, and took 3.14e23 FLOP as its paper counts", () => {
		const { counts, sixND } = exactFlops(configOf(known("gpt3")), known("gpt3").tokens);
		expect(counts.total / 1e9).toBeCloseTo(174.6, 1);
		expect(sixND.total.flops / 1e23).toBeCloseTo(3.14, 2);
	});

	test("Chinchilla has 70 billion as its paper counts", () => {
		const { tokens } = known("chinchilla");
		expect(exactFlops(configOf(known("chinchilla")), tokens).appendixF!.parameters! / 1e9).toBeCloseTo(70.0, 0);
	});
});

test("what is left open follows from the width; heads that do not divide it need their size", () => {
	const model = { ...known("gpt2"), width: 100, heads: 12 };
	expect(() => configOf(model)).toThrow("Width 100 is no multiple of 12 heads; give the head size");
	expect(configOf({ ...model, headSize: 8 })).toMatchObject({ headSize: 8, hidden: 400 });
	expect(configOf({ ...model, heads: 10, hidden: 7 })).toMatchObject({ headSize: 10, hidden: 7 });
});
