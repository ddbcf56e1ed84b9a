import { describe, expect, test } from "vitest";
import { CURVE_FAMILIES } from "../../../src/analysis/training-laws/curve-families.ts";
import { curveFamilyValue, fitCurveFamily } from "../../../src/analysis/training-laws/curve-family-fit.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { expected, referenceText } from "../reference-data.ts";

const points = (x: number[], y: number[]) => x.map((value, i) => ({ x: value, y: y[i]!, runs: [`${i}`] }));
const values = (fit: ReturnType<typeof fitCurveFamily>) =>
	Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]));

describe("expected.json curve_families.synthetic: parameters from points without noise", () => {
	const { x, families } = JSON.parse(referenceText("data/curve_families_synthetic.json"));
	test.each(CURVE_FAMILIES)("%s", (family) => {
		const { params, y } = families[family];
		const fit = fitCurveFamily(family, points(x, y));
		const got = values(fit);
		for (const [name, value] of Object.entries<number>(params))
			expect(Math.abs(got[name === "alpha" ? "α" : name]! / value - 1), name).toBeLessThan(1e-6);
		expect(fit.objective!.value).toBeLessThan(1e-20);
		expect(fit.estimate).toBe(got.c);
		expect(fit.health!.agreement).toBeGreaterThan(0.5);
	});
});

describe("expected.json curve_families.real: Porian et al.'s L*(C)", () => {
	const { x, loss, fits } = expected("curve_families").real;
	const y = loss.map((value: number) => -value);
	test.each(CURVE_FAMILIES)("%s", (family) => {
		const want = fits[family];
		expect(fitCurveFamily(family, points(x, y)).objective!.value).toBeLessThan(want.rss * 1.001);
		expect(fitCurveFamily(family, points(x, y)).objective!.value).toBeGreaterThan(want.rss * 0.999);
		const first = fitCurveFamily(family, points(x.slice(0, 9), y));
		expect(Math.abs(first.objective!.value / want.train9_rss - 1)).toBeLessThan(1e-3);
		const misses = [9, 10, 11].map((i) => curveFamilyValue(family, values(first), x[i]) - y[i]);
		const rmse = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / 3);
		expect(Math.abs(rmse / want.holdout3_rmse - 1)).toBeLessThan(1e-3);
		expect(first.health!.gradientNorm).toBeLessThan(1e-7);
	});
});

test("nominal 90 % intervals of c cover it in most of 40 noisy studies", () => {
	const x = Array.from({ length: 16 }, (_, i) => 2 ** (i / 2));
	let covered = 0;
	for (let study = 0; study < 40; study++) {
		const key = randomKey(study, "noise");
		const y = x.map((value, i) => 0.7 - 0.9 * value ** -0.42 + 0.01 * normal(key, i));
		const fit = fitCurveFamily("Pow3", points(x, y), { resamples: 200 });
		expect(fit.resamples).toBeGreaterThan(150);
		if (fit.low! < 0.7 && 0.7 < fit.high!) covered++;
	}
	expect(covered).toBeGreaterThanOrEqual(32);
	expect(covered).toBeLessThan(40);
});

describe("data that determine no curve", () => {
	test.each(CURVE_FAMILIES)("%s", (family) => {
		expect(fitCurveFamily(family, points([2, 2, 2, 2, 2], [1, 2, 3, 4, 5])).reason).toContain("1 distinct x");
		expect(fitCurveFamily(family, []).reason).toContain("0 distinct x");
		const odd = fitCurveFamily(family, points([-1, Number.NaN, 2, 3, 4, 5, 6, 7], [0, 0, Number.NaN, 1, 2, 3, 4, 4.5]));
		expect(odd.leftOut).toHaveLength(3);
		for (const y of [
			[1, 1, 1, 1, 1, 1],
			[6, 5, 4, 3, 2, 1],
		]) {
			const fit = fitCurveFamily(family, points([2, 4, 8, 16, 32, 64], y));
			expect(JSON.stringify(fit)).toBe(JSON.stringify(fit, (_, value) => (Number.isNaN(value) ? "NaN" : value)));
			expect(fit.estimate === null).toBe(fit.reason !== null);
		}
	});

	test("a million points", () => {
		const many = Array.from({ length: 1e6 }, (_, i) => ({ x: 2 + i, y: 3 - (2 + i) ** -0.3, runs: ["r"] }));
		const fit = fitCurveFamily("Pow3", many);
		expect(fit.estimate).toBeCloseTo(3, 6);
	});
});
