import { describe, expect, test } from "vitest";
import { CURVE_FAMILIES } from "../../src/analysis/training-laws/curve-families.ts";
import { curveFamilyValue, fitCurveFamily } from "../../src/analysis/training-laws/curve-family-fit.ts";
import { expected } from "../reference/expected.ts";
import { lazily } from "./lazily.ts";
import { tableRows } from "./tables.ts";

const points = (x: number[], y: number[]) => x.map((value, i) => ({ x: value, y: y[i]!, runs: [`${i}`] }));
const values = (fit: ReturnType<typeof fitCurveFamily>) =>
	Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]));

describe("expected.json curve_families.real: Porian et al.'s L*(C)", () => {
	const { fits } = expected.curve_families.real;
	const curve = lazily(() => {
		const optima = tableRows("porian_optima_rw.csv").filter((row) => row.experiment === "5_optimizer_tuning_no_decay");
		return {
			x: optima.map(({ flops }) => (2 * Number(flops)) / 1.25e16),
			y: optima.map((row) => -Number(row.loss_star_bootstrap_median)),
		};
	});
	test.each(CURVE_FAMILIES)("%s", (family) => {
		const { x, y } = curve();
		const want = fits[family];
		expect(fitCurveFamily(family, points(x, y)).objective!.value).toBeLessThan(want.rss * 1.001);
		expect(fitCurveFamily(family, points(x, y)).objective!.value).toBeGreaterThan(want.rss * 0.999);
		const first = fitCurveFamily(family, points(x.slice(0, 9), y));
		expect(Math.abs(first.objective!.value / want.train9_rss - 1)).toBeLessThan(1e-3);
		const misses = [9, 10, 11].map((i) => curveFamilyValue(family, values(first), x[i]!) - y[i]!);
		const rmse = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / 3);
		expect(Math.abs(rmse / want.holdout3_rmse - 1)).toBeLessThan(1e-3);
		expect(first.health!.gradientNorm).toBeLessThan(1e-7);
	});
});
