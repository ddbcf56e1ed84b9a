import fc from "fast-check";
import { expect, test } from "vitest";
import { fitPowerLaw } from "../../../src/analysis/power-laws/power-law.ts";

test("an exact power law is recovered, whatever its coefficient and exponent", () => {
	fc.assert(
		fc.property(
			fc.double({ min: -30, max: 30, noNaN: true }),
			fc.double({ min: -2, max: 2, noNaN: true }),
			fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 20 }),
			(logK, exponent, x) => {
				const law = fitPowerLaw(
					x,
					x.map((value) => logK + exponent * value),
				)!;
				expect(law.exponent).toBeCloseTo(exponent, 9);
				expect(Math.log(law.coefficient)).toBeCloseTo(logK, 7);
				expect(law.residual).toBeLessThan(1e-9);
			},
		),
	);
});

test("the residual is the root mean square in logs", () => {
	const law = fitPowerLaw([0, 1, 2, 3], [1, -1, -1, 1])!;
	expect(law.exponent).toBeCloseTo(0, 12);
	expect(law.residual).toBeCloseTo(1, 12);
});

test("points at one x, a single point or none determine nothing", () => {
	expect(fitPowerLaw([], [])).toBeNull();
	expect(fitPowerLaw([1], [2])).toBeNull();
	expect(fitPowerLaw([1, 1], [2, 3])).toBeNull();
});

test("a coefficient too large for a number gives no fit rather than an infinite one", () => {
	expect(fitPowerLaw([30, 30.01], [0, 100])?.coefficient ?? 0).toBe(0);
	expect(fitPowerLaw([30, 31], [0, -1000])).toBeNull();
});
