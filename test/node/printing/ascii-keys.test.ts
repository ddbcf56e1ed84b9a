import { expect, test } from "vitest";
import { asciiKeys } from "../../../src/node/printing/ascii-keys.ts";

test("keys with Greek letters are written with Latin ones, at any depth; texts and numbers stay", () => {
	const document = { γ: { estimate: 0.05 }, list: [{ α: 1, "R_D*": 2 }], formula: "L = E + A·N^−α", none: null };
	expect(asciiKeys(document)).toEqual({
		gamma: { estimate: 0.05 },
		list: [{ alpha: 1, "R_D*": 2 }],
		formula: "L = E + A·N^−α",
		none: null,
	});
	expect(() => asciiKeys({ ζ: 1 })).toThrow("ζ has no Latin name");
});
