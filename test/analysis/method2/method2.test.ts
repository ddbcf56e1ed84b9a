import { describe, expect, test } from "vitest";
import { fitMethod2, type Method2Options } from "../../../src/analysis/method2/method2.ts";
import { parabolaBias } from "../../../src/analysis/method2/parabola-bias.ts";
import { findSlices, namedSlices, type Slice } from "../../../src/analysis/points/iso-flop.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { expected, referenceRows } from "../reference-data.ts";
import { evenParabolaBias } from "./even-parabola-bias.ts";

const options = { resamples: 0, seed: 42, interval: 0.95 };

describe("porian_rw: Porian et al.'s RefinedWeb stages", () => {
	const { stages } = expected("porian_rw");
	const rows = referenceRows("porian_isoflop_rw.csv");
	const slicesOf = (stage: string) => {
		const points = rows
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
		const { allocation, valleys } = fitMethod2(slices, { ...options, variant: "noise", resamples: 1000 });
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
			const noisy = fitMethod2(slices, { ...options, variant: "noise", resamples: 1000 }).valleys;
			for (const row of referenceRows("porian_optima_rw.csv").filter((row) => row.experiment === stage)) {
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
	const reference = expected("method2_epoch_subset");
	const rows = referenceRows("epoch_isoflop_subset.csv");
	const points = rows.map(({ N, C, loss }, i) =>
		point(`${i}`, Number(N), Number(C) / 6 / Number(N), Number(C), Number(loss)),
	);
	const slices = namedSlices(
		points,
		rows.map((row) => Number(row.budget)),
	);

	test("all_points_quadratic_in_lnN, which takes a minimum below the smallest size", () => {
		const { allocation, valleys } = fitMethod2(slices, { ...options, beyond: true });
		const { a, coef, N_star_5p76e23 } = reference.all_points_quadratic_in_lnN;
		expect(Math.abs(allocation.estimate! - a)).toBeLessThan(1e-4);
		const { kN } = allocation.parameters;
		expect(Math.abs(kN!.estimate / coef - 1)).toBeLessThan(1e-3);
		expect(Math.abs((kN!.estimate * 5.76e23 ** allocation.estimate!) / N_star_5p76e23 - 1)).toBeLessThan(1e-3);
		expect(valleys[4]!.parameters! / 4.7e8).toBeCloseTo(1, 1);
	});

	test("that minimum is left out unless asked for, and said to be", () => {
		const { allocation, valleys } = fitMethod2(slices, options);
		expect(valleys.filter((valley) => valley.reason !== null).map(({ flops }) => flops)).toEqual([1e20]);
		expect(valleys[4]!.reason).toBe("the minimum lies at or beyond the smallest size");
		expect(allocation.warnings).toContain(
			"The budget of 1.00e+20 FLOP is left out: the minimum lies at or beyond the smallest size.",
		);
		expect(allocation.warnings.join()).toMatch(/At 3.00e\+21 FLOP the lowest loss is that of the \w+ size/);
		expect(allocation.points).toHaveLength(8);
		expect(allocation.leftOut.length).toBe(slices[4]!.points.length);
		const [low, high] = reference.hoffmann_published.CI80_a;
		expect(allocation.estimate).toBeGreaterThan(low);
		expect(allocation.estimate).toBeLessThan(high);
	});

	test("quadratic_in_lnL", () => {
		const inLogs = slices.map(({ flops, points }) => ({
			flops,
			points: points.map((each) => ({ ...each, loss: 10 + Math.log(each.loss) })),
		}));
		const { allocation } = fitMethod2(inLogs, { ...options, beyond: true });
		expect(Math.abs(allocation.estimate! - reference.quadratic_in_lnL.a)).toBeLessThan(1e-4);
	});

	test("its interval covers Hoffmann et al.'s 0.49 and narrows with the level", () => {
		const at = (interval: number) => fitMethod2(slices, { ...options, resamples: 400, interval }).allocation;
		expect(at(0.8).low!).toBeLessThan(0.49);
		expect(at(0.8).high!).toBeGreaterThan(0.49);
		expect(at(0.5).high! - at(0.5).low!).toBeLessThan(at(0.8).high! - at(0.8).low!);
		expect(at(0.8)).toEqual(at(0.8));
	});
});

describe("approach2_bias_closed_form", () => {
	const { percent_error_N_star } = expected("approach2_bias_closed_form");

	test.each(Object.keys(percent_error_N_star))("%s", (exponents) => {
		const [alpha, beta] = exponents.split("/").map(Number) as [number, number];
		for (const [factor, percent] of Object.entries(percent_error_N_star[exponents])) {
			const bias = parabolaBias(alpha, beta, evenly(15, Math.log(Number(factor))))!;
			expect(Math.abs(100 * Math.expm1(bias) - (percent as number))).toBeLessThan(1e-3);
		}
	});

	test("the even range is the limit of many sizes, centered or not", () => {
		for (const center of [-1, 0, 0.7])
			for (const width of [0.05, 0.5, 3]) {
				const many = evenly(3000, width).map((u) => center + u);
				expect(parabolaBias(0.34, 0.28, many)! - evenParabolaBias(0.34, 0.28, width, center)).toBeCloseTo(0, 2);
			}
	});

	test("what is reported of noise-free valleys is what they miss, and the exponent's bias is that of drifting centers", () => {
		const law = { E: 1.7, A: 400, B: 410, alpha: 0.34, beta: 0.28 };
		const valleysAt = (drift: number) =>
			[1e18, 1e19, 1e20, 1e21].map((flops, i) => {
				const best = optimum(law, flops);
				return slice(
					law,
					flops,
					evenly(15, Math.log(8)).map((u) => best * Math.exp(u + drift * i)),
				);
			});
		const centered = fitMethod2(valleysAt(0), { ...options, exponents: law });
		for (const { flops, parameters } of centered.valleys)
			expect(100 * (parameters! / optimum(law, flops) - 1)).toBeCloseTo(2.9897, 3);
		const a = law.beta / (law.alpha + law.beta);
		expect(centered.allocation.estimate).toBeCloseTo(a, 6);
		const drifting = fitMethod2(valleysAt(0.4), { ...options, exponents: law });
		const missed = drifting.allocation.estimate! - a;
		expect(Math.abs(missed)).toBeGreaterThan(0.001);
		expect(drifting.bias.exponent! / missed).toBeGreaterThan(0.7);
		expect(drifting.bias.exponent! / missed).toBeLessThan(1.4);
		expect(drifting.allocation.warnings.join()).toMatch(/misses N\* by up to/);
	});
});

describe("valleys", () => {
	const law = { E: 2, A: 71.7, B: 504, alpha: 0.35, beta: 0.37 };
	const budgets = [1e13, 3e13, 1e14, 3e14, 1e15];
	const sizes = Array.from({ length: 12 }, (_, i) => 3e4 * 2 ** i);

	test("budgets are found by grouping compute within 10 %", () => {
		const points = budgets.flatMap((flops, b) =>
			slice(law, flops, sizes).points.map((p, i) => {
				const moved = flops * (1 + 0.08 * Math.sin(7 * i + b));
				return point(`${b}-${i}`, p.parameters, moved / 6 / p.parameters, moved, p.loss);
			}),
		);
		const { slices, outside } = findSlices(points);
		expect(slices.map(({ points }) => points.length)).toEqual(budgets.map(() => sizes.length));
		expect(outside).toEqual([]);
		for (const [i, { flops }] of slices.entries()) expect(Math.abs(flops / budgets[i]! - 1)).toBeLessThan(0.1);
		expect(findSlices(points.slice(0, 3)).slices).toEqual([]);
	});

	test("D* is C / (6 · N*), or follows the points where compute is not 6 · N · D", () => {
		const plain = fitMethod2(
			budgets.map((flops) => slice(law, flops, sizes)),
			options,
		);
		for (const { flops, parameters, tokens } of plain.valleys)
			expect(tokens! / (flops / 6 / parameters!)).toBeCloseTo(1, 12);
		const exact = fitMethod2(
			budgets.map((flops) => {
				const { points } = slice(law, flops, sizes);
				return { flops: 1.5 * flops, points: points.map((p) => ({ ...p, flops: 1.5 * p.flops })) };
			}),
			options,
		);
		for (const [i, { tokens }] of exact.valleys.entries())
			expect(tokens! / plain.valleys[i]!.tokens!).toBeCloseTo(1, 12);
	});

	test.each(["parabola", "akima", "noise"] as const)("%s: minima at the edge leave the reason", (variant) => {
		const fit = fitMethod2(
			budgets.map((flops) =>
				slice(
					law,
					flops,
					sizes.filter((n) => n > 2 * optimum(law, flops) && n < 20 * optimum(law, flops)),
				),
			),
			{ ...options, variant, resamples: 50 },
		);
		expect(fit.allocation.estimate).toBeNull();
		expect(fit.allocation.reason).toMatch(/^0 of 5 budgets have a minimum between their sizes; a power law needs 2 \(/);
		expect(fit.valleys.every(({ reason }) => reason?.includes("smallest"))).toBe(true);
		expect(JSON.stringify(fit)).not.toMatch(/NaN|Infinity/);
	});

	test("the 90 % interval covers the true exponent in 85 to 95 % of noisy studies", () => {
		let covered = 0;
		const narrow = Array.from({ length: 8 }, (_, i) => 2 ** (i - 3.5));
		for (let study = 0; study < 200; study++) {
			const key = randomKey(study, "method 2");
			const noisy = budgets.map((flops, b) => {
				const { points } = slice(
					law,
					flops,
					narrow.map((u) => u * optimum(law, flops)),
				);
				return {
					flops,
					points: points.map((p, i) => ({
						...p,
						run: `${b}-${i}`,
						loss: p.loss * Math.exp(0.004 * normal(key, 100 * b + i)),
					})),
				};
			});
			const { low, high } = fitMethod2(noisy, { resamples: 200, seed: study, interval: 0.9 }).allocation;
			const truth = law.beta / (law.alpha + law.beta);
			if (low! <= truth && truth <= high!) covered++;
		}
		expect(covered / 200).toBeGreaterThanOrEqual(0.85);
		expect(covered / 200).toBeLessThanOrEqual(0.95);
	});
});

interface Law {
	E: number;
	A: number;
	B: number;
	alpha: number;
	beta: number;
}

function optimum({ A, B, alpha, beta }: Law, flops: number): number {
	return ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)) * (flops / 6) ** (beta / (alpha + beta));
}

function slice({ E, A, B, alpha, beta }: Law, flops: number, sizes: readonly number[]): Slice {
	return {
		flops,
		points: sizes.map((N) => {
			const D = flops / 6 / N;
			return point(`${flops}-${N}`, N, D, flops, E + A * N ** -alpha + B * D ** -beta);
		}),
	};
}

function point(run: string, parameters: number, tokens: number, flops: number, loss: number): Point {
	return { run, parameters, tokens, flops, loss };
}

function evenly(n: number, halfWidth: number): number[] {
	return Array.from({ length: n }, (_, i) => halfWidth * ((2 * i) / (n - 1) - 1));
}
