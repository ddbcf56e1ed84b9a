import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../src/ui/pages/study/draft.ts";
import { split, value } from "../../../../src/ui/pages/study/number-list.ts";
import { studyFields } from "../../../../src/ui/pages/study/study-fields.ts";

describe("a list of numbers", () => {
	it.each<[string, (number | string)[]]>([
		["1,024", [1024]],
		["1,234,567", [1_234_567]],
		["256,512", [256_512]],
		["1,024, 2,048", [1024, 2048]],
		["1,024; 2,048", [1024, 2048]],
		["256, 512", [256, 512]],
		["256 , 512 ,", [256, 512]],
		["1, 24", [1, 24]],
		["1_000_000", [1_000_000]],
		["1,234.5", [1234.5]],
		["0.001, 3e-3", [0.001, 0.003]],
		["0.001,3e-3,1e-2", [0.001, 0.003, 0.01]],
		[".5,.25", [0.5, 0.25]],
		["", []],
	])("“%s” is %j", (text, numbers) => {
		expect(split(text).map(value)).toEqual(numbers);
	});

	it.each(["1,24", "0,001", "1,0240", "12,34,567", "1.5,2", "1.000,5", "1 024", "01,024"])(
		"“%s” is neither a grouped number nor plainly a list, and stays a text",
		(text) => {
			expect(split(text)).toEqual([text]);
			expect(value(text)).toBe(text);
		},
	);

	it("holds sizes, points and units with or without blanks", () => {
		expect(split("8×1×2,16×2×4, 1,024×2×4/2")).toEqual(["8×1×2", "16×2×4", "1,024×2×4/2"]);
		expect(split("0:1,0.8:1,1:0")).toEqual(["0:1", "0.8:1", "1:0"]);
		expect(split("600 steps,1,200 steps")).toEqual(["600 steps", "1,200 steps"]);
	});
});

describe("the form", () => {
	const draft: Draft = { steps: [600], sizes: [] };
	const written = (id: string, text: string) => studyFields.find((field) => field.id === id)!.write(draft, text);
	it("takes numbers as its hints write them", () => {
		expect(written("budget", "1,234,567").tokens).toEqual([1_234_567]);
		expect(written("budget", "1,200 steps").steps).toEqual([1200]);
		expect(written("vocabularies", "1,024, 50,257").vocabularies).toEqual([1024, 50_257]);
		expect(written("context", "1,024").context).toBe(1024);
		expect(written("sizes", "1,024×2×2").sizes).toEqual([{ width: 1024, layers: 2, heads: 2 }]);
	});

	it("leaves what could be a decimal comma to the study's own rules", () => {
		expect(written("learningRates", "0,001").learningRates).toEqual(["0,001"]);
	});
});
