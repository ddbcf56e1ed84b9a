import { describe, expect, it } from "vitest";
import { presetOfHash } from "../../../src/ui/app/location-hash.ts";

describe("presetOfHash", () => {
	it("takes a known preset and nothing else", () => {
		const known = ["smoke", "reconcile"];
		expect(presetOfHash("#preset=reconcile", known)).toBe("reconcile");
		for (const hash of ["", "#", "#preset=", "#preset=paper", "#preset=__proto__", "#preset=smoke&run=1", "#run=smoke"])
			expect(presetOfHash(hash, known)).toBeNull();
	});
});
