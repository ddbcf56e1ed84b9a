import { describe, expect, test } from "vitest";
import { fitCriticalBatch, fitCriticalBatchOfLoss } from "../../../src/analysis/training-laws/critical-batch.ts";
import { estimateNoiseScale } from "../../../src/analysis/training-laws/gradient-noise.ts";
import {
	fitHyperparameterLaw,
	hyperparameterAt,
	sweepMinima,
} from "../../../src/analysis/training-laws/hyperparameter-laws.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { studentQuantile } from "../../../src/maths/student.ts";
import { PORIAN_HYPERPARAMETERS } from "../../../src/theory/published-exponents.ts";
import { dataText } from "../../reference/data-file.ts";
import { expected } from "../../reference/expected.ts";

const vectors = JSON.parse(dataText("gradient-noise.json"));

/** Mean squared norm of the mean gradient over consecutive groups of so many examples. */
function squaredNorm(gradients: number[][], batch: number): number {
	let sum = 0;
	for (let i = 0; i < gradients.length; i += batch) {
		const group = gradients.slice(i, i + batch);
		for (let j = 0; j < group[0]!.length; j++) sum += (group.reduce((s, g) => s + g[j]!, 0) / batch) ** 2;
	}
	return sum / (gradients.length / batch);
}

describe("expected.json gradient_noise: the two-batch estimator", () => {
	const gradients: number[][] = vectors.per_example_gradients;
	test.each([
		["B_big_8_B_small_1", 1],
		["B_big_8_B_small_2", 2],
	])("%s", (key, batch) => {
		const want = vectors.expected[key];
		const got = estimateNoiseScale([
			{
				small: { batch, squaredNorm: squaredNorm(gradients, batch) },
				big: { batch: 8, squaredNorm: squaredNorm(gradients, 8) },
			},
		]);
		expect(Math.abs(got.signal! / want.G2 - 1)).toBeLessThan(1e-9);
		expect(Math.abs(got.noise! / want.S - 1)).toBeLessThan(1e-9);
		expect(Math.abs(got.estimate! / want.B_simple - 1)).toBeLessThan(1e-9);
		expect(got.low).toBeNull();
	});

	test("the file is the one that expected.json names", () => {
		expect(expected.gradient_noise.file).toBe("gradient-noise.json");
		expect(expected.gradient_noise.formula).toContain("B_simple=S/|G|^2");
	});

	test("the interval over steps covers the truth, which a single step may miss", () => {
		// 6 components of signal 0.1 and noise 1: tr(Σ)/|G|² = 6/0.06 = 100.
		const steps = Array.from({ length: 400 }, (_, step) => {
			const norm = (batch: number, name: string) => {
				const key = randomKey(5, name, step);
				return [0, 1, 2, 3, 4, 5].reduce((sum, j) => sum + (0.1 + normal(key, j) / Math.sqrt(batch)) ** 2, 0);
			};
			return { small: { batch: 8, squaredNorm: norm(8, "small") }, big: { batch: 64, squaredNorm: norm(64, "big") } };
		});
		const { estimate, low, high } = estimateNoiseScale(steps);
		expect(low! < 100 && 100 < high!).toBe(true);
		expect(low! < estimate! && estimate! < high!).toBe(true);
	});

	test("what has no noise scale says so", () => {
		expect(estimateNoiseScale([]).reason).toContain("no step");
		const noisy = { small: { batch: 1, squaredNorm: 8 }, big: { batch: 8, squaredNorm: 0.5 } };
		expect(estimateNoiseScale([noisy]).reason).toContain("not positive");
		expect(estimateNoiseScale([{ ...noisy, small: { batch: 8, squaredNorm: Number.NaN } }]).estimate).toBeNull();
	});
});

describe("expected.json gradient_noise: steps against batch", () => {
	const { B, S_exact, S_noisy, true: truth, fit_noisy_logLS } = vectors.steps_examples;
	const runs = (steps: number[]) => B.map((batch: number, i: number) => ({ run: `${i}`, batch, steps: steps[i]! }));

	test("S_exact gives the truth", () => {
		const { parameters, estimate } = fitCriticalBatch(runs(S_exact));
		expect(estimate! / truth.B_crit).toBeCloseTo(1, 9);
		expect(parameters.S_min!.estimate / truth.S_min).toBeCloseTo(1, 9);
		expect(parameters.E_min!.estimate / truth.E_min).toBeCloseTo(1, 9);
	});

	test("fit_noisy_logLS", () => {
		const { parameters, estimate, health } = fitCriticalBatch(runs(S_noisy));
		expect(Math.abs(estimate! / fit_noisy_logLS.B_crit - 1)).toBeLessThan(1e-5);
		expect(Math.abs(parameters.S_min!.estimate / fit_noisy_logLS.S_min - 1)).toBeLessThan(1e-5);
		expect(Math.abs(parameters.E_min!.estimate / fit_noisy_logLS.E_min - 1)).toBeLessThan(1e-5);
		expect(health!.agreement).toBe(1);
		const { low, high } = fitCriticalBatch(runs(S_noisy));
		expect(low! < truth.B_crit && truth.B_crit < high!).toBe(true);
		expect(high! / low!).toBeLessThan(1.2);
	});

	test("batches on one side of B_crit do not determine it", () => {
		const far = (steps: (batch: number) => number) =>
			fitCriticalBatch(B.map((batch: number, i: number) => ({ run: `${i}`, batch, steps: steps(batch) }))).reason;
		expect(far((batch) => 1e6 / batch)).toContain("all far below B_crit");
		expect(far(() => 1000)).toContain("all far above B_crit");
		expect(fitCriticalBatch([{ run: "a", batch: 8, steps: 100 }]).reason).toContain("need 2");
	});
});

test("expected.json gradient_noise: Kaplan's B_crit(L)", () => {
	const { B_star, alpha_B, values } = vectors.kaplan_bcrit;
	const points = Object.entries<number>(values).map(([loss, batch]) => ({ run: loss, loss: Number(loss), batch }));
	const fit = fitCriticalBatchOfLoss(points);
	expect(fit.estimate).toBeCloseTo(1 / alpha_B, 9);
	expect(fit.parameters["B*"]!.estimate / B_star).toBeCloseTo(1, 9);
	expect(2e8 * 3 ** (-1 / 0.21)).toBeCloseTo(values["3"], 3);
});

describe("expected.json porian_rw.hyperparameter_laws", () => {
	test("the published laws", () => {
		const { lr, batch_tokens } = expected.porian_rw.hyperparameter_laws;
		const { learningRate, batch } = PORIAN_HYPERPARAMETERS;
		expect(lr).toBe(`${learningRate.coefficient}*N^${learningRate.exponent}`);
		expect(batch_tokens).toContain(`${batch.coefficient}*N^${batch.exponent} (=0.00037*N^0.703 sequences of 2048)`);
		expect(hyperparameterAt(batch, 1e8) / 2048).toBeCloseTo(0.00037 * 1e8 ** 0.703, 0);
	});

	test("come back from sweeps around them, with an interval", () => {
		for (const which of ["learningRate", "batch"] as const) {
			const law = PORIAN_HYPERPARAMETERS[which];
			const runs = [1e6, 4e6, 1.6e7, 6.4e7, 2.56e8].flatMap((parameters, i) => {
				const best = Math.log(hyperparameterAt(law, parameters)) + 0.05 * normal(randomKey(8, which), i);
				return [-3, -1.4, -0.1, 1.1, 2.6].map((step, j) => ({
					run: `${i} ${j}`,
					parameters,
					value: Math.exp(best + step * 0.7),
					loss: 3 + 0.02 * (step * 0.7) ** 2,
				}));
			});
			const fit = fitHyperparameterLaw(which, runs);
			const exponent = Math.abs(law.exponent);
			expect(Math.abs(fit.estimate! - exponent)).toBeLessThan(0.03);
			expect(fit.low! < exponent && exponent < fit.high!).toBe(true);
			expect(fit.runs).toHaveLength(25);
		}
	});

	test("sweeps that are lowest at their edge are left out visibly", () => {
		const runs = [1, 2, 4].map((value) => ({ run: `v${value}`, parameters: 1e6, value, loss: 5 - value }));
		const { points, leftOut } = sweepMinima([...runs, { run: "bad", parameters: 1e6, value: -1, loss: 2 }]);
		expect(points).toEqual([]);
		expect(leftOut.map(({ run }) => run)).toEqual(["bad", "v1", "v2", "v4"]);
		expect(leftOut[1]!.reason).toContain("largest value tried");
	});
});

test("Student's t", () => {
	// Quantiles of 0.95, as tabulated.
	for (const [freedom, want] of [
		[1, 6.3138],
		[2, 2.92],
		[3, 2.3534],
		[4, 2.1318],
		[10, 1.8125],
		[100, 1.6602],
	] as const) {
		expect(studentQuantile(0.95, freedom)).toBeCloseTo(want, 4);
	}
});
