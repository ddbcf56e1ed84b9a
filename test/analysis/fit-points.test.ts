import { expect, test } from "vitest";
import { type FitPointsOptions, fitPoints } from "../../src/analysis/fit-points.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { preparePoints } from "../../src/analysis/points/prepare-points.ts";
import { normal, randomKey } from "../../src/maths/random.ts";

const LAW = { E: 1.8, A: 480, B: 2100, alpha: 0.347, beta: 0.367 };

/** 20 budgets with 15 sizes each, a factor 10^(1/8) apart about the best. */
function isoFlopRuns(noise: number): Point[] {
	const key = randomKey(3, "runs");
	return Array.from({ length: 300 }, (_, i) => {
		const flops = 1e18 * 1.6 ** Math.floor(i / 15);
		const middle = Math.round(8 * Math.log10(Math.sqrt(flops / 120)));
		const parameters = 10 ** ((middle + (i % 15) - 7) / 8);
		const tokens = flops / 6 / parameters;
		const loss = LAW.E + LAW.A * parameters ** -LAW.alpha + LAW.B * tokens ** -LAW.beta;
		return { run: `${i}`, parameters, tokens, flops, loss: loss * Math.exp(noise * normal(key, i)) };
	});
}

const options: FitPointsOptions = {
	...{ methods: ["1", "2", "3"], loss: "huber", delta: 1e-3, resamples: 0, seed: 42, interval: 0.9, noise: 0.002 },
	...{ vocabulary: 32_000, at: [] },
};
const TRUTH = LAW.beta / (LAW.alpha + LAW.beta);

test("300 runs by all three methods take less than 100 ms of one processor without a bootstrap", () => {
	const points = isoFlopRuns(0.004);
	const times = Array.from({ length: 8 }, () => {
		const before = process.cpuUsage();
		fitPoints(preparePoints(points), options);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1000;
	});
	// The first compile the code; a busy machine slows some of the others.
	expect(Math.min(...times)).toBeLessThan(100);
});

test("the three methods agree on noise-free runs, here and at ten times the compute", () => {
	const { method1, method2, method3, points } = fitPoints(preparePoints(isoFlopRuns(0)), options);
	expect(points).toMatchObject({ total: 300, runs: 300, budgets: 20 });
	expect(method1!.allocation.estimate!).toBeCloseTo(TRUTH, 1);
	expect(method2!.allocation.estimate!).toBeCloseTo(TRUTH, 2);
	expect(method2!.variants.akima.allocation.estimate!).toBeCloseTo(TRUTH, 1);
	expect(method3!.parameters.a!.estimate).toBeCloseTo(TRUTH, 6);
	const [far] = method3!.predictions;
	expect(far!.flops / (10 * 1e18 * 1.6 ** 19)).toBeCloseTo(1, 9);
	const best = ((LAW.alpha * LAW.A) / (LAW.beta * LAW.B)) ** (1 / (LAW.alpha + LAW.beta)) * (far!.flops / 6) ** TRUTH;
	expect(far!.parameters.estimate / best).toBeCloseTo(1, 3);
	expect(far!.ratio.estimate).toBeCloseTo(far!.tokens.estimate / far!.parameters.estimate, 6);
	expect(method2!.predictions![0]!.parameters.estimate / best).toBeCloseTo(1, 1);
	expect(method2!.variants.noise.allocation.reason).toMatch(/without resamples there is no estimate/);
});

test("a prediction interval of a run is wider than that of the law, and holds what more runs find", () => {
	const { method2, method3, nextRuns, heldOut } = fitPoints(preparePoints(isoFlopRuns(0.004)), {
		...options,
		methods: ["1", "2", "3", "kaplan", "rosenfeld"],
		resamples: 200,
		at: [1e23],
	});
	for (const [{ loss, run, ratio }] of [method2!.predictions!, method3!.predictions] as const) {
		expect(run!.low).toBeLessThan(loss!.low!);
		expect(run!.high).toBeGreaterThan(loss!.high!);
		expect(ratio.low!).toBeLessThan(ratio.high!);
	}
	const best = ((LAW.alpha * LAW.A) / (LAW.beta * LAW.B)) ** (1 / (LAW.alpha + LAW.beta)) * (1e23 / 6) ** TRUTH;
	const { parameters } = method3!.predictions[0]!;
	expect(parameters.low!).toBeLessThan(best);
	expect(parameters.high!).toBeGreaterThan(best);
	for (const run of nextRuns!) expect(run.narrowing).toBeGreaterThan(0);
	for (let i = 1; i < nextRuns!.length; i++)
		expect(nextRuns![i]!.perFlop).toBeLessThanOrEqual(nextRuns![i - 1]!.perFlop);
	// The law that made the runs, or Rosenfeld's, which nearly contains it, extrapolates better than Kaplan's.
	expect(heldOut!.laws.at(-1)!.law).toBe("kaplan");
});
