import { describe, expect, test } from "vitest";
import { fitMethod2 } from "../../../src/analysis/method2/method2.ts";
import { valleyNoise } from "../../../src/analysis/method2/valley-noise.ts";
import { findSlices } from "../../../src/analysis/points/iso-flop.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const law = { E: 1.8, A: 1200, B: 410, alpha: 0.48, beta: 0.313 };
const a = law.beta / (law.alpha + law.beta);
const budgets = [1e17, 4e17, 1.6e18, 6.4e18, 2.56e19];
const NOISE = 0.004;

/** Runs of the law at each budget, with noise of their own, at these multiples of the optimum. */
function runs(multiples: readonly number[], seed = 1): Point[] {
	return budgets.flatMap((flops, b) => {
		const best = ((law.alpha * law.A) / (law.beta * law.B)) ** (1 / (law.alpha + law.beta)) * (flops / 6) ** a;
		return multiples.map((u, i) => {
			const parameters = u * best;
			const tokens = flops / 6 / parameters;
			const exact = law.E + law.A * parameters ** -law.alpha + law.B * tokens ** -law.beta;
			const noise = NOISE * normal(randomKey(seed, "near", b), i);
			return { run: `${b}-${i}`, parameters, tokens, flops, loss: exact * Math.exp(noise) };
		});
	});
}

const spread = [0.125, 0.25, 0.5, 1, 2, 4, 8];
const options = { resamples: 200, seed: 7, interval: 0.9 };

describe.each([
	["0.1 %", 1.001],
	["2 %", 1.02],
	["5 %", 1.05],
])("sizes %s apart", (_, factor) => {
	// Next to the ends, where Akima has one neighbor less to judge a slope by.
	const near = [...spread, 0.25 * factor, 4 * factor];
	const { slices } = findSlices(runs(near));

	test.each(["parabola", "akima", "noise"] as const)(
		"%s: near sizes do no harm, and L* does not leave the data",
		(variant) => {
			const draws = Array.from({ length: variant === "noise" ? 12 : 60 }, (_, seed) => seed);
			const fitTo = (multiples: readonly number[], seed: number) => {
				const found = findSlices(runs(multiples, seed)).slices;
				const resamples = variant === "noise" ? 100 : 0;
				return { found, fit: fitMethod2(found, { ...options, resamples, variant, noise: NOISE * 3 }) };
			};
			const error = (multiples: readonly number[]) => {
				const squares = draws.map((seed) => (fitTo(multiples, seed).fit.allocation.estimate! - a) ** 2);
				return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / draws.length);
			};
			expect(error(near)).toBeLessThan(1.25 * error(spread));
			for (const seed of draws) {
				const { found, fit } = fitTo(near, seed);
				for (const [s, { loss }] of fit.valleys.entries()) {
					const lowest = Math.min(...found[s]!.points.map((point) => point.loss));
					if (loss !== null) expect(loss / lowest).toBeGreaterThan(1 - 3 * NOISE);
				}
			}
		},
	);

	test("what is merged is listed", () => {
		const akima = fitMethod2(slices, { ...options, variant: "akima" }).allocation.warnings.join();
		const { notes } = preparePoints(slices.flatMap(({ measured }) => measured!.flat()));
		if (factor < 1.01) {
			expect(slices.every(({ points }) => points.length === spread.length)).toBe(true);
			expect(notes.join()).toMatch(/Sizes within 1 % count as one: N = /);
		} else {
			expect(slices.every(({ points }) => points.length === spread.length + 2)).toBe(true);
			expect(akima).toMatch(/Sizes too near each other for a curve .*: \d.* to \d.* at 1\.00e\+17 FLOP/);
			expect(fitMethod2(slices, options).allocation.warnings.join()).not.toMatch(/too near/);
		}
	});
});

test("repeats of a size are averaged, and their scatter is that of the losses", () => {
	const repeated = [1, 2, 3, 4].flatMap((seed) =>
		runs([0.25, 1, 2, 4], seed).map((point) => ({ ...point, run: `${point.run} seed ${seed}` })),
	);
	const { slices } = findSlices(repeated);
	for (const { points, measured } of slices) {
		expect(points.length).toBe(4);
		for (const [i, { loss }] of points.entries()) {
			expect(measured![i]!.length).toBe(4);
			expect(loss).toBeCloseTo(measured![i]!.reduce((sum, point) => sum + point.loss, 0) / 4, 12);
		}
	}
	const scatter = valleyNoise(slices)!;
	expect(scatter.freedom).toBe(5 * (16 - 4));
	expect(scatter.deviation / NOISE).toBeGreaterThan(0.75);
	expect(scatter.deviation / NOISE).toBeLessThan(1.3);
});

test("of several named recipes of a size the best counts, not their mean", () => {
	const good = runs(spread).map((point) => ({ ...point, recipe: "good" }));
	const bad = runs(spread).map((point) => ({
		...point,
		run: `${point.run} bad`,
		recipe: "bad",
		loss: 1.2 * point.loss,
	}));
	const { slices } = findSlices([...bad, ...good]);
	expect(slices.flatMap(({ points }) => points.map(({ loss }) => loss))).toEqual(
		findSlices(good).slices.flatMap(({ points }) => points.map(({ loss }) => loss)),
	);
});

test("curves of sizes 0.1 % apart are those of one size", () => {
	const sizes = [1e5, 1e6, 1.001e6, 1e7, 1e8];
	const points = sizes.flatMap((parameters) =>
		Array.from({ length: 60 }, (_, i) => {
			const tokens = 1e5 * 1.3 ** i;
			const loss = law.E + law.A * parameters ** -law.alpha + law.B * tokens ** -law.beta;
			return { run: `N ${parameters}`, parameters, tokens, flops: 6 * parameters * tokens, loss };
		}),
	);
	const { sizes: found, notes, slices } = preparePoints(points);
	expect(found.map(({ recipes }) => recipes.flatMap(({ runs }) => runs).length)).toEqual([1, 2, 1, 1]);
	expect(notes.join()).toMatch(/Sizes within 1 % count as one: N = 1\.000e\+6 to 1\.001e\+6\./);
	expect(slices.every((slice) => slice.points.length <= 4)).toBe(true);
});
