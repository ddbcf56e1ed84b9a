import { describe, expect, test } from "vitest";
import { fitMethod2 } from "../../../src/analysis/method2/method2.ts";
import { parabolaBias } from "../../../src/analysis/method2/parabola-bias.ts";
import { findSlices, namedSlices, type Slice } from "../../../src/analysis/points/iso-flop.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { expected } from "../../reference/expected.ts";
import { evenParabolaBias } from "./even-parabola-bias.ts";

const options = { resamples: 0, seed: 42, interval: 0.95 };

describe("approach2_bias_closed_form", () => {
	const { percent_error_N_star } = expected.approach2_bias_closed_form;

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
		for (const { flops, parameters, parabolaBias } of drifting.valleys)
			expect(parabolaBias).toBeCloseTo(parameters! / optimum(law, flops) - 1, 8);
		const missed = drifting.allocation.estimate! - a;
		expect(Math.abs(missed)).toBeGreaterThan(0.001);
		expect(drifting.bias.exponent).toBeCloseTo(missed, 8);
		expect(drifting.allocation.warnings.join()).toMatch(/misses N\* by up to/);
	});
});

test("the bias is that of the sizes which the parabola is fitted to, over the true optimum", () => {
	const law = { E: 1.7, A: 400, B: 410, alpha: 0.5, beta: 0.3 };
	// One list of sizes for all budgets, so that the optimum wanders through it and the sign of the bias matters.
	const sizes = Array.from({ length: 13 }, (_, i) => 2e6 * 1.6 ** i);
	const valleys = [1e19, 4e19, 1.6e20, 6.4e20].map((flops) => slice(law, flops, sizes));
	const a = law.beta / (law.alpha + law.beta);
	for (const nearest of [undefined, 5]) {
		const fit = fitMethod2(valleys, { ...options, nearest, exponents: law });
		for (const { flops, parameters, parabolaBias } of fit.valleys)
			expect(parabolaBias, `${nearest} sizes`).toBeCloseTo(parameters! / optimum(law, flops) - 1, 8);
		expect(fit.bias.exponent, `${nearest} sizes`).toBeCloseTo(fit.allocation.estimate! - a, 8);
	}
});

describe("slices of a law", () => {
	const law = { E: 1.8, A: 480, B: 2100, alpha: 0.347, beta: 0.367 };
	const a = law.beta / (law.alpha + law.beta);
	const budgets = [1e19, 4e19, 1.6e20, 6.4e20, 2.56e21];
	/** Nine sizes a factor 1.5 apart, the minimum off the middle and between two of them. */
	const sizesAt = (flops: number) => Array.from({ length: 9 }, (_, i) => 1.2 * 1.5 ** (i - 4) * optimum(law, flops));
	const slices = budgets.map((flops) => slice(law, flops, sizesAt(flops)));

	test.each([
		["parabola of all sizes", { variant: "parabola" }, 0.03],
		["parabola of 5 sizes", { variant: "parabola", nearest: 5 }, 0.02],
		["Akima's curve", { variant: "akima" }, 0.03],
		["noise-and-interpolate", { variant: "noise", resamples: 400, noise: 1e-4 }, 0.03],
	] as const)("%s finds each budget's N*, D* and L*, and the laws through them", (_, variant, tolerance) => {
		const fit = fitMethod2(slices, { ...options, ...variant });
		for (const { flops, parameters, tokens, loss, reason } of fit.valleys) {
			const best = optimum(law, flops);
			expect(reason).toBeNull();
			expect(Math.abs(parameters! / best - 1)).toBeLessThan(tolerance);
			expect(tokens! / (flops / 6 / parameters!)).toBeCloseTo(1, 9);
			const least = law.E + law.A * best ** -law.alpha + law.B * (flops / 6 / best) ** -law.beta;
			expect(Math.abs(loss! - least)).toBeLessThan(0.002);
		}
		expect(Math.abs(fit.allocation.estimate! - a)).toBeLessThan(0.003);
		expect(Math.abs(fit.tokens.estimate! - (1 - a))).toBeLessThan(0.003);
		const gamma = (law.alpha * law.beta) / (law.alpha + law.beta);
		expect(Math.abs(fit.lossWithOffset.estimate! / gamma - 1)).toBeLessThan(0.05);
	});

	const lowest = ({ points }: Slice) => Math.min(...points.map(({ loss }) => loss));
	const noise = 0.008;
	const noisy = (draw: number, of = slices) =>
		of.map(({ flops, points }, s) => ({
			flops,
			points: points.map((each, i) => ({
				...each,
				loss: each.loss + noise * normal(randomKey(draw, "losses", s), i),
			})),
		}));

	test("noise-and-interpolate: where noise moves nothing, a budget's deviation is a third of the distance between sizes", () => {
		const { valleys } = fitMethod2(slices, { ...options, variant: "noise", resamples: 50, noise: 1e-5 });
		for (const { deviation } of valleys) expect(deviation! / (0.33 * Math.log(1.5))).toBeCloseTo(1, 1);
	});

	test("noise-and-interpolate: otherwise it is the spread of N* over noisy losses", () => {
		// The first budget's minimum lies so near its smallest size that some draws lose it.
		const near = slices.map((each, s) =>
			s === 0 ? { ...each, points: each.points.filter((p) => p.parameters > 0.7 * optimum(law, each.flops)) } : each,
		);
		const { valleys } = fitMethod2(near, { ...options, variant: "noise", resamples: 2000, noise });
		const draws = Array.from({ length: 2000 }, (_, draw) =>
			fitMethod2(noisy(draw, near), { ...options, variant: "akima" }),
		);
		for (const [s, { deviation, parameters }] of valleys.entries()) {
			const found = draws.flatMap((draw) => {
				const { parameters } = draw.valleys[s]!;
				return parameters === null ? [] : [Math.log(parameters)];
			});
			const center = found.reduce((sum, value) => sum + value, 0) / found.length;
			const spread = Math.sqrt(found.reduce((sum, value) => sum + (value - center) ** 2, 0) / found.length);
			if (s === 0) expect(found.length).toBeLessThan(0.9 * draws.length);
			// The fewer draws have a minimum, the larger the deviation.
			const least = 0.33 * Math.log(1.5);
			expect(deviation! / ((Math.max(spread, least) * draws.length) / found.length)).toBeCloseTo(1, 1);
			const median = found.sort((p, q) => p - q)[Math.floor(found.length / 2)]!;
			expect(Math.abs(Math.log(parameters!) - median)).toBeLessThan(0.05);
		}
	});

	test("noise-and-interpolate: the line weighs each budget by 1/s², and its interval is that of the draws' lines", () => {
		// Noise that matters more where the valley is flatter, so that the weights differ.
		const uneven = budgets.map((flops, b) => slice(law, flops, sizesAt(flops).slice(b % 2, 9 - (b % 2))));
		const fit = fitMethod2(uneven, { ...options, variant: "noise", resamples: 1000, noise });
		const rows = fit.valleys.map(({ flops, parameters, deviation }) => ({
			x: Math.log(flops),
			y: Math.log(parameters!),
			w: deviation! ** -2,
		}));
		const total = rows.reduce((sum, { w }) => sum + w, 0);
		const [x, y] = [
			rows.reduce((sum, row) => sum + row.w * row.x, 0) / total,
			rows.reduce((sum, row) => sum + row.w * row.y, 0) / total,
		];
		const slope =
			rows.reduce((sum, row) => sum + row.w * (row.x - x) * (row.y - y), 0) /
			rows.reduce((sum, row) => sum + row.w * (row.x - x) ** 2, 0);
		expect(fit.allocation.estimate).toBeCloseTo(slope, 9);
		expect(new Set(fit.valleys.map(({ deviation }) => deviation!.toFixed(3))).size).toBeGreaterThan(1);
		expect(fit.allocation.low!).toBeLessThan(a);
		expect(fit.allocation.high!).toBeGreaterThan(a);
		const quieter = fitMethod2(uneven, { ...options, variant: "noise", resamples: 1000, noise: noise / 2 }).allocation;
		expect(quieter.high! - quieter.low!).toBeLessThan(0.75 * (fit.allocation.high! - fit.allocation.low!));
	});

	test("a minimum below the smallest size is left out, with a reason and a warning, unless it is asked for", () => {
		const cut = slices.map((each, s) =>
			s === 2 ? { ...each, points: each.points.filter((p) => p.parameters > 1.4 * optimum(law, each.flops)) } : each,
		);
		const { allocation, valleys } = fitMethod2(cut, options);
		expect(valleys.filter(({ reason }) => reason !== null).map(({ flops }) => flops)).toEqual([budgets[2]]);
		expect(valleys[2]!.reason).toBe("the minimum lies at or beyond the smallest size");
		expect(allocation.warnings).toContain(
			"The budget of 1.60e+20 FLOP is left out: the minimum lies at or beyond the smallest size.",
		);
		expect(allocation.points).toHaveLength(4);
		expect(allocation.leftOut).toHaveLength(cut[2]!.points.length);
		expect(Math.abs(allocation.estimate! - a)).toBeLessThan(0.003);
		const beyond = fitMethod2(cut, { ...options, beyond: true });
		expect(beyond.allocation.points).toHaveLength(5);
		expect(beyond.valleys[2]!.parameters!).toBeLessThan(cut[2]!.points[0]!.parameters);
		// Where the lowest loss is that of an end, a minimum between the sizes rests on the parabola's shape.
		const edge = slices.map((each, s) =>
			s === 1
				? { ...each, points: each.points.map((p, i) => (i === 0 ? { ...p, loss: lowest(each) - 1e-4 } : p)) }
				: each,
		);
		expect(fitMethod2(edge, options).allocation.warnings.join()).toMatch(
			/At 4\.00e\+19 FLOP the lowest loss is that of the smallest size/,
		);
	});

	test("the interval covers the exponent, narrows with the level, and is the same every time", () => {
		const at = (interval: number) => fitMethod2(noisy(1), { ...options, resamples: 400, interval }).allocation;
		expect(at(0.9).low!).toBeLessThan(a);
		expect(at(0.9).high!).toBeGreaterThan(a);
		expect(at(0.5).high! - at(0.5).low!).toBeLessThan(at(0.9).high! - at(0.9).low!);
		expect(at(0.9)).toEqual(at(0.9));
	});

	test("budgets that the points name", () => {
		const points = slices.flatMap(({ points }) => points.map((each) => ({ ...each, flops: 1.3 * each.flops })));
		const named = namedSlices(
			points,
			slices.flatMap(({ flops, points }) => points.map(() => flops)),
		);
		expect(named.map(({ flops }) => flops)).toEqual(budgets);
		expect(named.map(({ points }) => points.length)).toEqual([9, 9, 9, 9, 9]);
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
