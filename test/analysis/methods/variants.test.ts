import { describe, expect, test } from "vitest";
import { type FitPointsOptions, fitPoints, readingsOf } from "../../../src/analysis/fit-points.ts";
import { fitMethod2 } from "../../../src/analysis/method2/method2.ts";
import { findSlices } from "../../../src/analysis/points/iso-flop.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const LAW = { E: 2, A: 71.7, B: 504, alpha: 0.35, beta: 0.37 };
const TRUTH = LAW.beta / (LAW.alpha + LAW.beta);
const options: FitPointsOptions = {
	...{ methods: ["1", "2"], loss: "huber", delta: 1e-3, resamples: 200, seed: 42, interval: 0.9, noise: null },
	...{ vocabulary: 32_000, at: [] },
};

function valleys(noise: number, seed = 1): Point[] {
	return Array.from({ length: 5 }, (_, b) => b).flatMap((b) => {
		const flops = 1e13 * 3 ** b;
		const best = ((LAW.alpha * LAW.A) / (LAW.beta * LAW.B)) ** (1 / (LAW.alpha + LAW.beta)) * (flops / 6) ** TRUTH;
		return Array.from({ length: 8 }, (_, i) => {
			const parameters = best * 2 ** (i - 3.5);
			const tokens = flops / 6 / parameters;
			const loss = LAW.E + LAW.A * parameters ** -LAW.alpha + LAW.B * tokens ** -LAW.beta;
			const factor = Math.exp(noise * normal(randomKey(seed, "valleys", b), i));
			return { run: `${b}-${i}`, parameters, tokens, flops, loss: factor * loss };
		});
	});
}

describe("noise-and-interpolate", () => {
	const noise = (points: readonly Point[], given: number | null = null, seed = 1) =>
		fitMethod2(findSlices(points).slices, { variant: "noise", resamples: 200, seed, interval: 0.9, noise: given });

	test("takes its noise from the losses, and says it", () => {
		const { method } = noise(valleys(0.004)).allocation;
		const [, sigma] = /σ = (\S+) nats per token \(the scatter of the losses about their valleys\)/.exec(method)!;
		const mean = valleys(0).reduce((sum, { loss }) => sum + loss, 0) / 40;
		expect(Number(sigma) / (0.004 * mean)).toBeGreaterThan(0.6);
		expect(Number(sigma) / (0.004 * mean)).toBeLessThan(1.6);
		expect(noise(valleys(0.004), 0.01).allocation.method).toContain("σ = 0.010 nats per token (as given)");
		const four = valleys(0.004).filter((_, i) => i % 2 === 0);
		const parabolas = findSlices(four).slices.map(({ flops, points }) => ({ flops, points: points.slice(0, 3) }));
		const { method: assumed } = fitMethod2(parabolas, {
			variant: "noise",
			resamples: 50,
			seed: 1,
			interval: 0.9,
		}).allocation;
		expect(assumed).toContain("σ = 0.0020 nats per token (assumed, because the losses do not show how they scatter)");
	});

	test("its 90 % interval covers the truth in 85 to 99 % of noisy studies, and always holds its estimate", () => {
		let covered = 0;
		for (let study = 0; study < 100; study++) {
			const { estimate, low, high } = noise(valleys(0.004, study), null, study).allocation;
			if (low! <= TRUTH && TRUTH <= high!) covered++;
			expect(low!).toBeLessThanOrEqual(estimate!);
			expect(high!).toBeGreaterThanOrEqual(estimate!);
		}
		expect(covered).toBeGreaterThanOrEqual(85);
		expect(covered).toBeLessThanOrEqual(99);
	});
});

test("a constant loss gives no exponent, by any variant", () => {
	const flat = valleys(0).map((point) => ({ ...point, loss: 3 }));
	const readings = readingsOf(fitPoints(preparePoints(flat), options), options);
	expect(readings.length).toBeGreaterThanOrEqual(6);
	for (const { title, allocation } of readings) {
		expect(allocation.estimate, title).toBeNull();
		expect(allocation.reason, title).not.toBe("");
	}
});

describe("the whole envelope and the convex hull", () => {
	const curves = [1e4, 3e4, 1e5, 3e5, 1e6].flatMap((parameters, s) =>
		Array.from({ length: 100 }, (_, i): Point => {
			const tokens = 1e5 * 1.1 ** i;
			const loss = LAW.E + LAW.A * parameters ** -LAW.alpha + LAW.B * tokens ** -LAW.beta;
			const factor = Math.exp(0.003 * normal(randomKey(4, "curves", s), i));
			return { run: `N ${parameters}`, parameters, tokens, flops: 6 * parameters * tokens, loss: factor * loss };
		}),
	);
	const { method1 } = fitPoints(preparePoints(curves), options);

	test("have estimates without intervals, and say why", () => {
		for (const variant of [method1!.variants.grid, method1!.variants.hull])
			for (const law of [variant.allocation, variant.tokens, variant.lossNoOffset]) {
				expect(law.estimate).not.toBeNull();
				expect([law.low, law.high]).toEqual([null, null]);
				expect(law.warnings.join()).toMatch(/There is no interval: /);
			}
		expect(method1!.allocation.low).not.toBeNull();
	});

	/** Three sizes of three lengths; the hull of ln L on ln C has the corners that `corner` names. */
	const corner = [
		[1e3, 1e4, 4.0],
		[1e3, 1e6, 3.9],
		[1e4, 1e5, 2.6],
		[1e4, 1e4, 3.8],
		[1e5, 1e6, 1.9],
		[1e5, 1e5, 3.0],
		[1e6, 1e7, 1.7],
		[1e6, 1e5, 2.9],
	].map(([parameters, tokens, loss], i): Point => {
		const flops = 6 * parameters! * tokens!;
		return { run: `${i}`, parameters: parameters!, tokens: tokens!, flops, loss: loss! };
	});

	test.each([
		["keep", ["0", "2", "4", "6"]],
		["drop", ["2", "4"]],
	] as const)("the hull of the raw points, its ends: %s", (edges, runs) => {
		const hull = { points: "raw", edges } as const;
		const { allocation, tokens } = fitPoints(preparePoints(corner), { ...options, hull }).method1!.variants.hull;
		expect(allocation.points.flatMap((point) => point.runs)).toEqual(runs);
		// N and D of the corners rise tenfold each while C rises a hundredfold.
		expect(allocation.estimate).toBeCloseTo(0.5, 9);
		expect(tokens.estimate).toBeCloseTo(0.5, 9);
		expect(allocation.method).toContain("lower convex hull of the raw points");
		expect(allocation.method.includes("without the smallest and the largest size")).toBe(edges === "drop");
	});

	test("the hull of smoothed curves is named as such", () => {
		const hull = { points: "smoothed", edges: "keep" } as const;
		const { method } = fitPoints(preparePoints(valleys(0.002)), { ...options, hull }).method1!.variants.hull.allocation;
		expect(method).toContain("lower convex hull of the smoothed points");
	});
});
