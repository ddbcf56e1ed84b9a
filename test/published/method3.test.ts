import { describe, expect, test } from "vitest";
import type { LossName } from "../../src/analysis/fitting/fit.ts";
import { refitter } from "../../src/analysis/fitting/fit-parametric-law.ts";
import { METHOD_3 } from "../../src/analysis/parametric-laws/method3.ts";
import { mean } from "../../src/maths/least-squares.ts";
import { centralInterval, quantileSorted } from "../../src/maths/quantile.ts";
import { randomKey, uniform } from "../../src/maths/random.ts";
import { fitMethod3 } from "../analysis/parametric-laws/fit-laws.ts";
import { method3Objective } from "../analysis/parametric-laws/method3-objective.ts";
import { expected } from "../reference/expected.ts";
import { epochPoints } from "./epoch-points.ts";
import { lazily } from "./lazily.ts";
import { numpyResamples } from "./numpy-random.ts";

const reference = expected.method3_epoch;
const values = (fit: ReturnType<typeof fitMethod3>) =>
	Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate]));

describe("expected.json method3_epoch.fits", () => {
	const cases: [string, 240 | 245, LossName, number][] = ([240, 245] as const).flatMap((count) => [
		[`${count}_huber1e-2`, count, "huber", 1e-2],
		[`${count}_huber1e-3`, count, "huber", 1e-3],
		[`${count}_huber1e-4`, count, "huber", 1e-4],
		[`${count}_logMSE`, count, "log-mse", 1],
		[`${count}_LAD`, count, "lad", 1],
	]);
	test.each(cases)("%s", (key, count, loss, delta) => {
		const fit = fitMethod3(epochPoints(count), { loss, delta });
		const want = reference.fits[key];
		const tolerance = loss === "lad" ? reference.tol.LAD : reference.tol.huber1e_3;
		const got = values(fit);
		expect(Math.abs(fit.objective!.value / want.objective - 1)).toBeLessThan(tolerance.objective_rel);
		expect(Math.abs(got.E! - want.E)).toBeLessThan(tolerance.E);
		expect(Math.abs(got.α! - want.alpha)).toBeLessThan(tolerance.alpha);
		expect(Math.abs(got.β! - want.beta)).toBeLessThan(tolerance.beta);
		expect(Math.abs(got.A! / want.A - 1)).toBeLessThan(tolerance.A_rel);
		expect(Math.abs(got.B! / want.B - 1)).toBeLessThan(tolerance.B_rel);
		expect(Math.abs(got.a! - want.a)).toBeLessThan(tolerance.alpha);
		expect(Math.abs(got.b! - want.b)).toBeLessThan(tolerance.alpha);
		expect(Math.abs(got.γ! - want.gamma)).toBeLessThan(tolerance.alpha);
		expect(fit.estimate).toBe(got.a);
		expect(fit.health!.gradientNorm).toBeLessThan(loss === "lad" ? 1e-3 : 1e-10);
		expect(fit.health!.agreement).toBeGreaterThan(0.9);
		expect(fit.health!.nearTies).toEqual([]);
		expect(fit.health!.condition).toBeLessThan(1e4);
		expect(fit.health!.atBound).toEqual([]);
	});

	test("240_rawMSE_varpro", () => {
		const fit = fitMethod3(epochPoints(240), { loss: "mse" });
		const want = reference.fits["240_rawMSE_varpro"];
		expect(fit.objective!.value / want.RSS).toBeCloseTo(1, 6);
		expect(fit.parameters.E!.estimate).toBeCloseTo(want.E, 5);
		expect(fit.parameters.α!.estimate).toBeCloseTo(want.alpha, 5);
		expect(fit.parameters.β!.estimate).toBeCloseTo(want.beta, 5);
		expect(fit.parameters.A!.estimate / want.A).toBeCloseTo(1, 5);
		expect(fit.parameters.B!.estimate / want.B).toBeCloseTo(1, 5);
	});
});

describe("expected.json method3_epoch.published", () => {
	test("the published row is the LAD row, and its E that of the Huber fit", () => {
		const { paper_table: paper, notebook_cell25: notebook } = reference.published;
		const lad = values(fitMethod3(epochPoints(240), { loss: "lad" }));
		expect(Math.abs(lad.A! - paper.A)).toBeLessThan(0.01);
		expect(Math.abs(lad.B! - paper.B)).toBeLessThan(0.01);
		expect(Math.abs(lad.E! - notebook.E)).toBeLessThan(1e-5);
		expect(Math.abs(lad.α! - notebook.alpha)).toBeLessThan(1e-5);
		expect(Math.abs(lad.β! - notebook.beta)).toBeLessThan(1e-5);
		const huber = values(fitMethod3(epochPoints(240)));
		expect(Math.abs(huber.E! - paper.E)).toBeLessThan(5e-5);
		expect(Math.abs(huber.A! - paper.A)).toBeGreaterThan(4);
	});

	test("the notebook's own knee, 4.7e-9, gives it as well", () => {
		const { notebook_cell25: notebook } = reference.published;
		const tiny = values(fitMethod3(epochPoints(240), { delta: 4.7e-9 }));
		expect(Math.abs(tiny.A! - notebook.A)).toBeLessThan(0.01);
		expect(Math.abs(tiny.B! - notebook.B)).toBeLessThan(0.02);
		expect(Math.abs(tiny.α! - notebook.alpha)).toBeLessThan(1e-5);
		expect(Math.abs(tiny.β! - notebook.beta)).toBeLessThan(1e-5);
	});

	test("notebook_cell18_grid_LBFGSB stopped just short of the Huber optimum", () => {
		const { objective } = reference.published.notebook_cell18_grid_LBFGSB;
		const fit = fitMethod3(epochPoints(240));
		expect(fit.objective!.value).toBeLessThan(objective);
		expect(fit.objective!.value / objective).toBeCloseTo(1, 6);
	});
});

test("expected.json method3_epoch.objective_test_vectors_240_delta1e3", () => {
	const points = epochPoints(240);
	for (const { params_abe_alpha_beta, value, grad_a_b_e_alpha_beta } of reference.objective_test_vectors_240_delta1e3) {
		const [a, b, e, α, β] = params_abe_alpha_beta;
		const got = method3Objective(points, { a, b, e, α, β });
		expect(Math.abs(got.value / value - 1)).toBeLessThan(1e-12);
		grad_a_b_e_alpha_beta.forEach((want: number, j: number) => {
			expect(Math.abs(got.gradient[j]! - want)).toBeLessThan(1e-11 * Math.max(1, Math.abs(want)));
		});
	}
});

describe("expected.json method3_epoch.bootstrap", () => {
	const refit = lazily(() => {
		const points = epochPoints(240);
		return refitter(METHOD_3, points, values(fitMethod3(points)));
	});
	const { SE, SE_log, published_SE, CI95, a } = reference.bootstrap;
	const names = { A: "A", B: "B", E: "E", alpha: "α", beta: "β" };

	test("the 4,000 resamples of NumPy's seed 42, refitted from the estimate", () => {
		const resample = numpyResamples(42, 240);
		const draws = Array.from({ length: 4000 }, () => refit()(resample())!);
		expect(draws[0]!.A).toBeCloseTo(349.5557, 4);
		expect(draws[0]!.B).toBeCloseTo(2356.22, 2);
		expect(draws[0]!.E).toBeCloseTo(1.793329, 6);
		for (const [key, name] of Object.entries(names)) {
			const column = draws.map((draw) => draw[name]!);
			expect(Math.abs(deviation(column) / SE[key] - 1), name).toBeLessThan(1e-3);
			expect(Math.abs(deviation(column) / published_SE[key] - 1), name).toBeLessThan(2e-3);
			const { low, high } = centralInterval(column, 0.95)!;
			expect(Math.abs(low / CI95[key][0] - 1), name).toBeLessThan(1e-3);
			expect(Math.abs(high / CI95[key][1] - 1), name).toBeLessThan(1e-3);
		}
		for (const [key, name] of Object.entries({ a: "A", b: "B", e: "E" }))
			expect(Math.abs(deviation(draws.map((draw) => Math.log(draw[name]!))) / SE_log[key] - 1), name).toBeLessThan(
				1e-3,
			);
		const exponents = draws.map((draw) => draw.a!);
		expect(mean(exponents)).toBeCloseTo(a.mean, 4);
		expect(deviation(exponents)).toBeCloseTo(a.sd, 4);
		const middle = centralInterval(exponents, 0.8)!;
		expect(middle.high - middle.low).toBeCloseTo(a.width80, 3);
		const sorted = Float64Array.from(exponents).sort();
		[0.025, 0.1, 0.5, 0.9, 0.975].forEach((p, i) => {
			expect(Math.abs(quantileSorted(sorted, p) - a.pct_2p5_10_50_90_97p5[i])).toBeLessThan(1e-4);
		});
	});

	test("2,000 resamples of our own: 5 % of SE", () => {
		const draws = Array.from({ length: 2000 }, (_, r) => {
			const key = randomKey(42, "case", r);
			const weights = new Float64Array(240);
			for (let i = 0; i < 240; i++) weights[Math.floor(240 * uniform(key, i))]!++;
			return refit()(weights)!;
		});
		for (const key of ["A", "E", "alpha", "beta"] as const)
			expect(Math.abs(deviation(draws.map((draw) => draw[names[key]]!)) / SE[key] - 1), key).toBeLessThan(0.05);
		// B's draws have so long a tail that 1,000 of them leave its standard error open by 10 % and more; that of ln B is firm.
		const logB = draws.map((draw) => Math.log(draw.B!));
		expect(Math.abs(deviation(logB) / SE_log.b - 1)).toBeLessThan(0.05);
		expect(
			correlation(
				draws.map((draw) => Math.log(draw.A!)),
				draws.map((draw) => draw.α!),
			),
		).toBeCloseTo(0.9993, 3);
		expect(
			correlation(
				logB,
				draws.map((draw) => draw.β!),
			),
		).toBeCloseTo(0.9997, 3);
	});
});

function deviation(values: readonly number[]): number {
	const center = mean(values);
	return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

function correlation(x: readonly number[], y: readonly number[]): number {
	const [xMean, yMean] = [mean(x), mean(y)];
	const products = x.reduce((sum, value, i) => sum + (value - xMean) * (y[i]! - yMean), 0);
	return products / ((x.length - 1) * deviation(x) * deviation(y));
}
