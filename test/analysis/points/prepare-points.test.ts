import { describe, expect, test } from "vitest";
import { type FitPointsOptions, fitPoints } from "../../../src/analysis/fit-points.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";

const law = { E: 1.8, A: 1200, B: 410, alpha: 0.48, beta: 0.313 };
const TRUTH = law.beta / (law.alpha + law.beta);
const options: FitPointsOptions = {
	...{ methods: ["1", "2", "3"], loss: "huber", delta: 1e-3, resamples: 0, seed: 42, interval: 0.9, noise: 0.002 },
	...{ vocabulary: 32_000, at: [] },
};

const best = (flops: number) =>
	((law.alpha * law.A) / (law.beta * law.B)) ** (1 / (law.alpha + law.beta)) * (flops / 6) ** TRUTH;

function point(run: string, parameters: number, tokens: number): Point {
	const loss = law.E + law.A * parameters ** -law.alpha + law.B * tokens ** -law.beta;
	return { run, parameters, tokens, flops: 6 * parameters * tokens, loss };
}

describe("a label that covers several sizes", () => {
	/** Three budgets of five sizes each, without noise. */
	const isoFlop = (label: (budget: number, size: number) => string) =>
		[1e17, 1e18, 1e19].flatMap((flops, b) =>
			[0.25, 0.5, 1, 2, 4].map((u, s) => {
				const parameters = u * best(flops);
				return point(label(b, s), parameters, flops / 6 / parameters);
			}),
		);

	test.each([
		["a budget", (budget: number) => `budget ${budget}`],
		["a seed", () => "seed 1"],
	])("that is %s does not make a curve of them: the budgets are found", (_, label) => {
		const { slices, notes, sizes } = preparePoints(isoFlop(label));
		expect(slices.map(({ points }) => points.length)).toEqual([5, 5, 5]);
		expect(notes.join()).toMatch(/run labels cover several sizes \(".+" has \d+.*\): they name groups/);
		expect(sizes).toEqual(
			preparePoints(isoFlop((budget, size) => `${budget} ${size}`)).sizes.map((size, s) => ({
				...size,
				recipes: sizes[s]!.recipes,
			})),
		);
		const { method2, method3 } = fitPoints(preparePoints(isoFlop(label)), options);
		expect(Math.abs(method2!.allocation.estimate! - TRUTH)).toBeLessThan(0.01);
		expect(method3!.parameters.a!.estimate).toBeCloseTo(TRUTH, 5);
	});

	test("that is a seed of whole curves: each size is a curve", () => {
		const curves = (label: (size: number) => string) =>
			[1e5, 3e5, 1e6, 3e6].flatMap((parameters, s) =>
				Array.from({ length: 80 }, (_, i) => point(label(s), parameters, 1e6 * 1.12 ** i)),
			);
		const [bySeed, byRun] = [preparePoints(curves(() => "seed 1")), preparePoints(curves((size) => `run ${size}`))];
		expect(bySeed.sizes.map(({ recipes }) => recipes[0]!.runs)).toEqual(
			[1e5, 3e5, 1e6, 3e6].map((parameters) => [`seed 1, N = ${parameters.toPrecision(4)}`]),
		);
		const exponent = (prepared: typeof bySeed) => fitPoints(prepared, options).method1!.allocation.estimate!;
		expect(exponent(bySeed)).toBe(exponent(byRun));
		expect(Math.abs(exponent(bySeed) - TRUTH)).toBeLessThan(0.02);
		expect(byRun.notes.join()).not.toMatch(/labels/);
	});
});

describe("checkpoints without a run column", () => {
	const checkpoints = [1e5, 2.3e5, 5e5, 1.1e6, 2.5e6].flatMap((parameters, s) =>
		Array.from({ length: 60 }, (_, i) => point(`line ${100 * s + i}`, parameters, 1e6 * 1.13 ** i * (1 + 0.01 * s))),
	);

	test("make no budgets: the curves of their sizes are cut at equal compute", () => {
		const prepared = preparePoints(checkpoints);
		expect(prepared.cuts).toBe(true);
		expect(prepared.notes.join(" ")).toMatch(/share no budgets of compute; Method 2 cuts the joined curves/);
		const { method1, method2 } = fitPoints(prepared, options);
		expect(Math.abs(method1!.allocation.estimate! - TRUTH)).toBeLessThan(0.02);
		// What a parabola makes of five sizes aside, as of the same points with a run for each size.
		const labelled = checkpoints.map((each) => ({ ...each, run: `N ${each.parameters}` }));
		const known = fitPoints(preparePoints(labelled), options).method2!.allocation.estimate!;
		expect(method2!.allocation.estimate).toBeCloseTo(known, 6);
		expect(Math.abs(known - TRUTH)).toBeLessThan(0.05);
		expect(method2!.allocation.leftOut).toEqual([]);
	});

	test("budgets of a design are still found, read off a plot or not", () => {
		const budgets = [1e17, 3e17, 9e17, 2.7e18].flatMap((flops, b) =>
			[0.3, 0.6, 1, 1.7, 3.3].map((u, s) => {
				const parameters = u * best(flops);
				return point(`line ${10 * b + s}`, parameters, ((1 + 0.04 * Math.sin(5 * s + b)) * flops) / 6 / parameters);
			}),
		);
		const { slices, cuts, outside } = preparePoints(budgets);
		expect(slices.map(({ points }) => points.length)).toEqual([5, 5, 5, 5]);
		expect([cuts, outside]).toEqual([false, []]);
	});
});

describe("the points of curves for the laws of N and D", () => {
	const grid = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap((parameters) =>
		[1e7, 1e8, 1e9, 1e10, 1e11].map((tokens) => point(`N ${parameters}`, parameters, tokens)),
	);
	const dense = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap((parameters) =>
		Array.from({ length: 200 }, (_, i) => ({
			...point(`N ${parameters}`, parameters, 1e7 * 1.04 ** i),
			annealed: i % 50 === 49,
		})),
	);

	test("few points of a run are all fitted, as measured: an exact grid gives the exact law", () => {
		const { points, notes } = preparePoints(grid);
		expect(points).toEqual(grid);
		expect(notes.join()).toMatch(/fitted to all their points, as measured/);
		const { method3 } = fitPoints(preparePoints(grid), options);
		expect(method3!.parameters.a!.estimate).toBeCloseTo(TRUTH, 6);
	});

	test.each([
		["auto", 25, /smoothed points of their last factor of ten in tokens/],
		["last-decade", 25, /smoothed points of their last factor of ten in tokens/],
		["all", 1000, /all their points, as measured/],
		["ends", 5, /their last points/],
		["annealed", 20, /their annealed points/],
	] as const)("%s", (choice, count, text) => {
		const { points, notes } = preparePoints(dense, choice);
		expect(points).toHaveLength(count);
		expect(notes.join()).toMatch(text);
		if (choice === "all" || choice === "annealed")
			expect(fitPoints(preparePoints(dense, choice), options).method3!.parameters.a!.estimate).toBeCloseTo(TRUTH, 6);
	});
});
