import { describe, expect, test } from "vitest";
import { adviseFully } from "../../src/theory/advice.ts";
import { beyondData, rangeText } from "../../src/theory/fitted-range.ts";
import { PUBLISHED_LAWS } from "../../src/theory/published-laws.ts";

describe("what a law was fitted on", () => {
	const parameters = { from: 10, to: 100 };
	const flops = { from: 1e6, to: 1e9 };

	test.each([
		[{ parameters, flops }, 1e7, 50, null],
		[{ parameters, flops }, 1e6, 10, null],
		[{ parameters, flops }, 1e10, 50, "above"],
		[{ parameters, flops }, 1e7, 101, "above"],
		[{ parameters, flops }, 1e5, 50, "below"],
		[{ parameters, flops: null }, 1e30, 9, "below"],
		[{ parameters: null, flops }, 1e7, 1e9, null],
	] as const)("%j at %d FLOP and %d parameters: %s", (range, c, n, side) => {
		expect(beyondData(range, { flops: c, parameters: n })).toBe(side);
	});

	test("as text", () => {
		expect(rangeText({ parameters, flops: null }, String)).toBe("10 to 100 parameters");
		expect(rangeText({ parameters, flops }, String)).toBe("10 to 100 parameters, 1000000 to 1000000000 FLOP");
	});

	test("is known of every published law, none of which reaches Chinchilla's budget; most reach 1e20 FLOP", () => {
		const beyond = (budget: number) => PUBLISHED_LAWS.map((law) => adviseFully(law, { flops: budget }).beyond);
		expect(PUBLISHED_LAWS.every(({ range }) => range !== null)).toBe(true);
		expect(new Set(beyond(5.88e23))).toEqual(new Set(["above"]));
		expect(beyond(1e20)).toEqual([null, "above", null, null, null, null, "above"]);
		expect(beyond(1e10)).toEqual(["below", "below", "below", "below", "below", "below", "below"]);
	});
});
