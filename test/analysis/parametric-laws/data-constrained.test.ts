import { describe, expect, test } from "vitest";
import { huber } from "../../../src/analysis/fitting/robust-loss.ts";
import { fitDataConstrained } from "../../../src/analysis/parametric-laws/data-constrained-fit.ts";
import {
	bestSizeForTokens,
	dataConstrainedLaw,
	dataConstrainedLoss,
	effective,
} from "../../../src/analysis/parametric-laws/data-constrained-law.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { mean } from "../../../src/maths/least-squares.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { MUENNIGHOFF_C4 } from "../../../src/theory/specifications.ts";
import { expected, referenceRows } from "../reference-data.ts";

const reference = expected("muennighoff");
const runs: Point[] = referenceRows("muennighoff_runs.csv")
	.filter((row) => row.in_fit_182 === "1")
	.map(({ run, N, D, U, loss }) => ({
		run: run!,
		parameters: Number(N),
		tokens: Number(D),
		uniqueTokens: Number(U),
		flops: 6 * Number(N) * Number(D),
		loss: Number(loss),
	}));

const predict = (parameters: Record<string, number>, point: Point) =>
	dataConstrainedLoss(MUENNIGHOFF_C4, parameters, point).loss;
const objective = (parameters: Record<string, number>) =>
	runs.reduce((sum, point) => sum + huber(Math.abs(Math.log(predict(parameters, point) / point.loss)), 1e-3), 0);
const explained = (parameters: Record<string, number>) => {
	const center = mean(runs.map(({ loss }) => loss));
	const squares = (of: (point: Point) => number) => runs.reduce((sum, point) => sum + (point.loss - of(point)) ** 2, 0);
	return 1 - squares((point) => predict(parameters, point)) / squares(() => center);
};

describe("expected.json muennighoff", () => {
	test("fixed: the published base", () => {
		const { fixed } = reference;
		expect(MUENNIGHOFF_C4.E).toBeCloseTo(fixed.E, 8);
		expect(MUENNIGHOFF_C4.A).toBeCloseTo(fixed.A, 5);
		expect(MUENNIGHOFF_C4.B).toBeCloseTo(fixed.B, 5);
		expect(MUENNIGHOFF_C4.alpha).toBe(fixed.alpha);
		expect(bestSizeForTokens(MUENNIGHOFF_C4, 1)).toBeCloseTo(fixed.G ** 2, 8);
	});

	test("law_vectors", () => {
		const { R_D, R_N } = reference.published;
		for (const { N, D, U, L, D_eff, N_eff, U_N } of reference.law_vectors) {
			const point = { run: "", parameters: N, tokens: D, uniqueTokens: U, flops: 0, loss: 0 };
			const got = dataConstrainedLoss(MUENNIGHOFF_C4, { "R_D*": R_D, "R_N*": R_N }, point);
			expect(Math.abs(got.loss / L - 1)).toBeLessThan(1e-7);
			expect(Math.abs(got.tokens / D_eff - 1)).toBeLessThan(1e-7);
			expect(Math.abs(got.parameters / N_eff - 1)).toBeLessThan(1e-7);
			expect(Math.abs(got.uniqueParameters / U_N - 1)).toBeLessThan(1e-7);
		}
	});

	test("epochs_to_effective", () => {
		const { inf, ...epochs } = reference.epochs_to_effective;
		for (const [count, worth] of Object.entries(epochs))
			expect(effective(1, Number(count), reference.published.R_D)).toBeCloseTo(worth as number, 7);
		expect(effective(1, 1e9, reference.published.R_D)).toBeCloseTo(inf, 6);
	});

	test("published and mine: objectives and R² at the published parameters", () => {
		const { published, mine } = reference;
		const both = { "R_D*": published.R_D, "R_N*": published.R_N };
		expect(Math.abs(objective(both) / mine.objective_at_published - 1)).toBeLessThan(1e-7);
		expect(Math.abs(objective(both) / published.objective - 1)).toBeLessThan(1e-7);
		expect(explained(both)).toBeCloseTo(published.R2, 7);
		expect(explained({})).toBeCloseTo(published.R2_no_decay, 6);
		expect(explained({ "R_D*": published.data_only.R_D })).toBeCloseTo(published.data_only.R2, 6);
		expect(explained({ "R_N*": published.param_only.R_N })).toBeCloseTo(published.param_only.R2, 6);
	});

	test("expm1: no steps at large R*", () => {
		const point = { run: "", parameters: 1e9, tokens: 1e11, uniqueTokens: 1e9, flops: 0, loss: 0 };
		expect(predict({ "R_D*": 1e14, "R_N*": 1e14 }, point)).toBeCloseTo(predict({}, point), 12);
	});

	const fit = fitDataConstrained(runs);

	test("mine.other_minima: several minima of nearly one objective, the published one among them", () => {
		const { local_minimum_from_published: local, other_minima } = reference.mine;
		const minima = [
			...fit.health!.nearTies,
			{
				parameters: Object.fromEntries(Object.entries(fit.parameters).map(([name, { estimate }]) => [name, estimate])),
				objective: fit.objective!.value,
			},
		];
		for (const want of [local, ...other_minima]) {
			const near = minima.find(({ parameters }) => Math.abs(parameters["R_D*"]! / want.R_D - 1) < 0.01)!;
			expect(near, `R_D* ${want.R_D}`).toBeDefined();
			expect(Math.abs(near.parameters["R_D*"]! - want.R_D)).toBeLessThan(0.02);
			expect(Math.abs(near.parameters["R_N*"]! - want.R_N)).toBeLessThan(0.01);
			expect(Math.abs(near.objective / want.objective - 1)).toBeLessThan(1e-5);
			if (want.R2) expect(explained(near.parameters)).toBeCloseTo(want.R2, 5);
		}
		expect(fit.health!.agreement).toBeLessThan(0.9);
	});

	test("R_D* has no upper bound, so that no value is reported", () => {
		expect(fit.estimate).toBeNull();
		const ninetyFive = fitDataConstrained(runs, { interval: 0.95 });
		expect(ninetyFive.reason).toMatch(/^R_D\* ≥ [0-9.]+, no upper bound \(95 %\)/);
		// The reference's bootstrap at 95 % begins at 5.1.
		expect(Math.abs(ninetyFive.health!.profiles!["R_D*"]!.low! - 5)).toBeLessThan(0.3);
		expect(ninetyFive.health!.profiles!["R_D*"]!.high).toBeNull();
		expect(fit.health!.profiles!["R_D*"]!.low!).toBeGreaterThan(ninetyFive.health!.profiles!["R_D*"]!.low!);
	});

	test("mine.data_only", () => {
		const { R_D, objective } = reference.mine.data_only;
		const dataOnly = fitDataConstrained(runs, { decay: "data" });
		expect(dataOnly.estimate).toBeCloseTo(R_D, 4);
		expect(Math.abs(dataOnly.objective!.value / objective - 1)).toBeLessThan(1e-7);
		expect(dataOnly.low!).toBeLessThan(R_D);
		expect(dataOnly.high!).toBeGreaterThan(R_D);
	});

	test("mine.loss_lt_5", () => {
		const { n, R_D, R_N, objective } = reference.mine.loss_lt_5;
		const low = fitDataConstrained(runs.filter(({ loss }) => loss < 5));
		expect(low.points.length).toBe(n);
		expect(low.estimate).toBeCloseTo(R_D, 3);
		expect(low.parameters["R_N*"]!.estimate).toBeCloseTo(R_N, 3);
		expect(Math.abs(low.objective!.value / objective - 1)).toBeLessThan(1e-7);
	});
});

test("what was put in comes back, also on a base fitted to the points themselves", () => {
	const base = { E: 1.1, A: 60, B: 300, alpha: 0.32, beta: 0.36 };
	const law = dataConstrainedLaw(base);
	const points = [1e5, 4e5, 1.6e6, 6.4e6].flatMap((N) =>
		[1e6, 1e7, 1e8].flatMap((U) =>
			[1, 2, 5, 20, 100].map((epochs, i) => {
				const point = { run: `${N} ${U} ${i}`, parameters: N, tokens: U * epochs, uniqueTokens: U, flops: 0, loss: 0 };
				const noise = Math.exp(0.002 * normal(randomKey(3, `${N} ${U}`), i));
				return { ...point, loss: noise * law.loss({ "R_D*": 8, "R_N*": 4 }, point) };
			}),
		),
	);
	for (const option of [base, undefined]) {
		const { estimate, low, high } = fitDataConstrained(points, { base: option, loss: "log-mse" });
		expect(Math.abs(estimate! / 8 - 1)).toBeLessThan(option ? 0.05 : 0.5);
		if (option) expect(low! < 8 && 8 < high!).toBe(true);
	}
});

test("points without repetition say that R_D* needs it", () => {
	const once = runs.map((run) => ({ ...run, uniqueTokens: run.tokens }));
	expect(fitDataConstrained(once).reason).toBe("no point sees a token twice; R_D* needs repeated tokens");
	expect(fitDataConstrained(runs.map(({ uniqueTokens: _, ...run }) => run)).reason).toContain(
		"unique tokens is missing",
	);
});
