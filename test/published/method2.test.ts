import { describe, expect, test } from "vitest";
import { fitMethod2, type Method2Options } from "../../src/analysis/method2/method2.ts";
import { namedSlices, type Slice } from "../../src/analysis/points/iso-flop.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { expected } from "../reference/expected.ts";
import { lazily } from "./lazily.ts";
import { tableRows } from "./tables.ts";

const options = { resamples: 0, seed: 42, interval: 0.95 };

describe("porian_rw: Porian et al.'s RefinedWeb stages", () => {
	const { stages } = expected.porian_rw;
	const rows = lazily(() => tableRows("porian_isoflop_rw.csv"));
	const slicesOf = (stage: string) => {
		const points = rows()
			.filter((row) => row.experiment === stage)
			.map((row, i) => point(`${i}`, Number(row.n), Number(row.tokens), Number(row.flops), Number(row.loss)));
		return namedSlices(
			points,
			points.map(({ flops }) => flops),
		);
	};
	const exponent = (slices: Slice[], more: Partial<Method2Options>) => {
		const { valleys, allocation } = fitMethod2(slices, { ...options, ...more });
		return { n: valleys.filter((valley) => valley.reason === null).length, a: allocation.estimate! };
	};

	test.each(Object.keys(stages))("%s", (stage) => {
		const { mine, repo_published } = stages[stage];
		const slices = slicesOf(stage);
		const akima = exponent(slices, { variant: "akima" });
		expect(akima.n).toBe(mine.akima_argmin_OLS.n);
		expect(Math.abs(akima.a - mine.akima_argmin_OLS.a)).toBeLessThan(5e-4);
		for (const [key, nearest] of [["parabola_all"], ["parabola5", 5], ["parabola7", 7]] as const) {
			const parabola = exponent(slices, { variant: "parabola", nearest });
			expect(parabola.n, key).toBe(mine[key].n);
			expect(Math.abs(parabola.a - mine[key].a), key).toBeLessThan(5e-4);
		}
		const { allocation, valleys } = fitMethod2(slices, { ...options, variant: "noise", noise: 0.002, resamples: 1000 });
		const noise = mine.noise_interp_bootstrap_weighted;
		expect(valleys.filter((valley) => valley.reason === null).length).toBe(noise.n);
		for (const [a, ends] of [
			[noise.a, noise.CI95],
			[repo_published.a, repo_published.CI95],
		]) {
			expect(Math.abs(allocation.estimate! - a)).toBeLessThan(0.004);
			expect(Math.abs(allocation.low! - ends[0])).toBeLessThan(0.006);
			expect(Math.abs(allocation.high! - ends[1])).toBeLessThan(0.006);
		}
	});

	test("the budgets' own minima and their uncertainty", () => {
		for (const stage of Object.keys(stages)) {
			const slices = slicesOf(stage);
			const { valleys } = fitMethod2(slices, { ...options, variant: "akima" });
			const noisy = fitMethod2(slices, { ...options, variant: "noise", noise: 0.002, resamples: 1000 }).valleys;
			for (const row of tableRows("porian_optima_rw.csv").filter((row) => row.experiment === stage)) {
				const s = slices.findIndex(({ flops }) => Math.abs(flops / Number(row.flops) - 1) < 0.01);
				expect(valleys[s]!.reason === null).toBe(row.at_edge === "0");
				if (valleys[s]!.parameters !== null)
					expect(valleys[s]!.parameters! / Number(row.n_star_akima_argmin)).toBeCloseTo(1, 5);
				if (noisy[s]!.deviation !== null && row.log_n_star_std !== "")
					expect(Math.abs(noisy[s]!.deviation! / Number(row.log_n_star_std) - 1)).toBeLessThan(0.1);
			}
		}
	});
});

describe("method2_epoch_subset: parabolas through Hoffmann et al.'s points as Epoch read them", () => {
	const reference = expected.method2_epoch_subset;
	const slices = lazily(() => {
		const rows = tableRows("epoch_isoflop_subset.csv");
		const points = rows.map(({ N, C, loss }, i) =>
			point(`${i}`, Number(N), Number(C) / 6 / Number(N), Number(C), Number(loss)),
		);
		return namedSlices(
			points,
			rows.map((row) => Number(row.budget)),
		);
	});

	test("all_points_quadratic_in_lnN, which takes a minimum below the smallest size", () => {
		const { allocation, valleys } = fitMethod2(slices(), { ...options, beyond: true });
		const { a, coef, N_star_5p76e23 } = reference.all_points_quadratic_in_lnN;
		expect(Math.abs(allocation.estimate! - a)).toBeLessThan(1e-4);
		const { kN } = allocation.parameters;
		expect(Math.abs(kN!.estimate / coef - 1)).toBeLessThan(1e-3);
		expect(Math.abs((kN!.estimate * 5.76e23 ** allocation.estimate!) / N_star_5p76e23 - 1)).toBeLessThan(1e-3);
		expect(valleys[4]!.parameters! / 4.7e8).toBeCloseTo(1, 1);
	});

	test("that minimum is left out unless asked for, and said to be", () => {
		const { allocation, valleys } = fitMethod2(slices(), options);
		expect(valleys.filter((valley) => valley.reason !== null).map(({ flops }) => flops)).toEqual([1e20]);
		expect(valleys[4]!.reason).toBe("the minimum lies at or beyond the smallest size");
		expect(allocation.warnings).toContain(
			"The budget of 1.00e+20 FLOP is left out: the minimum lies at or beyond the smallest size.",
		);
		expect(allocation.warnings.join()).toMatch(/At 3.00e\+21 FLOP the lowest loss is that of the \w+ size/);
		expect(allocation.points).toHaveLength(8);
		expect(allocation.leftOut.length).toBe(slices()[4]!.points.length);
		const [low, high] = reference.hoffmann_published.CI80_a;
		expect(allocation.estimate).toBeGreaterThan(low);
		expect(allocation.estimate).toBeLessThan(high);
	});

	test("quadratic_in_lnL", () => {
		const inLogs = slices().map(({ flops, points }) => ({
			flops,
			points: points.map((each) => ({ ...each, loss: 10 + Math.log(each.loss) })),
		}));
		const { allocation } = fitMethod2(inLogs, { ...options, beyond: true });
		expect(Math.abs(allocation.estimate! - reference.quadratic_in_lnL.a)).toBeLessThan(1e-4);
	});

	test("its interval covers Hoffmann et al.'s 0.49 and narrows with the level", () => {
		const at = (interval: number) => fitMethod2(slices(), { ...options, resamples: 400, interval }).allocation;
		expect(at(0.8).low!).toBeLessThan(0.49);
		expect(at(0.8).high!).toBeGreaterThan(0.49);
		expect(at(0.5).high! - at(0.5).low!).toBeLessThan(at(0.8).high! - at(0.8).low!);
		expect(at(0.8)).toEqual(at(0.8));
	});
});

function point(run: string, parameters: number, tokens: number, flops: number, loss: number): Point {
	return { run, parameters, tokens, flops, loss };
}
