import { describe, expect, test } from "vitest";
import { CURVE_FAMILIES } from "../../../src/analysis/training-laws/curve-families.ts";
import { fitCurveFamily } from "../../../src/analysis/training-laws/curve-family-fit.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { dataText } from "../../reference/data-file.ts";

const points = (x: number[], y: number[]) => x.map((value, i) => ({ x: value, y: y[i]!, runs: [`${i}`] }));
const values = (fit: ReturnType<typeof fitCurveFamily>) =>
	Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]));

describe("curve-families.json: parameters from points without noise", () => {
	const { x, families } = JSON.parse(dataText("curve-families.json"));
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
