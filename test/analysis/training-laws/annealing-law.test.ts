import { describe, expect, test } from "vitest";
import {
	annealingCurve,
	fitAnnealing,
	type ScheduledCurve,
	scheduleAreas,
} from "../../../src/analysis/training-laws/annealing-law.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const TRUTH = { L0: 2.6, A: 0.6, α: 0.45, C: 0.4, λ: 0.999 };
const STEPS = 6000;
const PEAK = 2e-3;

/** Learning rates of steps 1 … 6,000 after a warmup of 100. */
const schedule = (after: (t: number) => number) =>
	Array.from({ length: STEPS }, (_, i) => PEAK * Math.min(1, (i + 1) / 100) * after(i / STEPS));
const constant = schedule(() => 1);
const cosine = schedule((t) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * t)));
const decaying = schedule((t) => (t < 0.8 ? 1 : 1 - (t - 0.8) / 0.2));

function curve(run: string, learningRates: number[], noise: number): ScheduledCurve {
	const all = annealingCurve(TRUTH, learningRates);
	const steps = Array.from({ length: 117 }, (_, i) => 200 + 50 * i);
	const key = randomKey(4, run);
	return { run, learningRates, steps, loss: steps.map((step) => all[step - 1]! * Math.exp(noise * normal(key, step))) };
}

test("S1 and S2 by their definition", () => {
	const rates = [1, 2, 2, 1, 0.5];
	const { s1, s2 } = scheduleAreas(rates, 0.9);
	expect(s1).toEqual([1, 3, 5, 6, 6.5]);
	// After the peak: m = 0, 1, 0.9·1 + 0.5; the warmup counts for nothing.
	const want = [0, 0, 0, 1, 2.4];
	s2.forEach((value, i) => {
		expect(value).toBeCloseTo(want[i]!, 12);
	});
});

describe("loss under annealing", () => {
	test("two schedules without noise give the law, λ included", () => {
		const fit = fitAnnealing([curve("cosine", cosine, 0), curve("constant", constant, 0)]);
		for (const [name, value] of Object.entries(TRUTH))
			expect(Math.abs(fit.parameters[name]!.estimate / value - 1), name).toBeLessThan(1e-4);
		expect(fit.health!.agreement).toBe(1);
		expect(fit.residual).toBeLessThan(1e-8);
	});

	test("from noisy curves of two schedules, that of a third is predicted to half a percent", () => {
		const fit = fitAnnealing([curve("cosine", cosine, 0.003), curve("constant", constant, 0.003)]);
		const parameters = Object.fromEntries(
			Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]),
		);
		const predicted = annealingCurve(parameters, decaying);
		const truth = annealingCurve(TRUTH, decaying);
		for (const step of [1000, 4800, 5400, 6000])
			expect(Math.abs(predicted[step - 1]! / truth[step - 1]! - 1)).toBeLessThan(0.005);
		expect(truth[4799]! - truth[5999]!).toBeGreaterThan(0.1);
	});

	test("a constant rate says nothing of annealing: C is 0", () => {
		const { parameters } = fitAnnealing([curve("constant", constant, 0)], { momentum: 0.999 });
		expect(parameters.C!.estimate).toBe(0);
		expect(parameters.α!.estimate).toBeCloseTo(TRUTH.α, 4);
	});

	test("what cannot be fitted says so", () => {
		expect(fitAnnealing([]).reason).toBe("there are no points");
		const short = { run: "r", learningRates: [1, 1], steps: [1, 2, 3, -1, 1.5], loss: [3, Number.NaN, 2, 2, 2] };
		const { reason, leftOut } = fitAnnealing([short]);
		expect(reason).toContain("1 distinct S1");
		expect(leftOut[0]!.reason).toContain("3 points");
		expect(() => fitAnnealing([short], { momentum: 1 })).toThrow("annealing: λ is 1");
	});
});
