import fc from "fast-check";
import { expect, test } from "vitest";
import { fitOffsetPowerLaw } from "../../../src/analysis/power-laws/offset-power-law.ts";

const x = [26, 27.5, 29, 30.5, 32, 34];

test("an exact law is recovered, whatever its offset and exponent", () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0.1, max: 4, noNaN: true }),
			fc.double({ min: 0.2, max: 3, noNaN: true }),
			fc.double({ min: 0.03, max: 0.8, noNaN: true }),
			(offset, atMiddle, exponent) => {
				const fit = fitOffsetPowerLaw(
					x,
					x.map((value) => offset + atMiddle * Math.exp(-exponent * (value - 30))),
				)!;
				expect(fit.exponent / exponent).toBeCloseTo(1, 3);
				expect(fit.offset).toBeCloseTo(offset, 2);
				expect(fit.coefficient / (atMiddle * Math.exp(exponent * 30))).toBeCloseTo(1, 1);
				expect(fit.residual).toBeLessThan(1e-5);
				expect(fit.atBound).toEqual([]);
			},
		),
		{ seed: 1, numRuns: 100 },
	);
});

test("no exponent on a fine grid does better, also on noisy points", () => {
	fc.assert(
		fc.property(fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 6, maxLength: 6 }), (noise) => {
			const loss = x.map((value, i) => 2 + Math.exp(-0.15 * (value - 30)) + noise[i]!);
			const fit = fitOffsetPowerLaw(x, loss)!;
			const squares = (E: number, k: number, g: number) =>
				x.reduce((sum, value, i) => sum + (loss[i]! - E - k * Math.exp(-g * (value - 30))) ** 2, 0);
			const found = squares(fit.offset, fit.coefficient * Math.exp(-fit.exponent * 30), fit.exponent);
			let least = Number.POSITIVE_INFINITY;
			for (let g = 0.003; g < 2; g *= 1.1)
				for (const E of [0, 0.5, 1, 1.5, 2, 2.5])
					for (const k of [0.05, 0.2, 0.5, 1, 2]) least = Math.min(least, squares(E, k, g));
			expect(found).toBeLessThanOrEqual(least + 1e-9);
		}),
		{ seed: 2, numRuns: 20 },
	);
});

test("a plain power law has its offset at the bound, and says so", () => {
	const fit = fitOffsetPowerLaw(
		x,
		x.map((value, i) => 30 * Math.exp(-0.08 * value) * (i === 0 || i === 5 ? 0.98 : 1)),
	)!;
	expect(fit.offset).toBe(0);
	expect(fit.atBound).toContain("E");
	expect(fit.exponent).toBeCloseTo(0.08, 2);
});

test("losses that rise with compute give a flat law, not a negative coefficient", () => {
	const fit = fitOffsetPowerLaw(x, [1, 2, 3, 4, 5, 6])!;
	expect(fit.coefficient).toBe(0);
	expect(fit.offset).toBeCloseTo(3.5, 9);
});

test("three points do not determine three parameters and a residual", () => {
	expect(fitOffsetPowerLaw([1, 2, 3], [3, 2, 1])).toBeNull();
});
