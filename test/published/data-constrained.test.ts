import { describe, expect, test } from "vitest";
import { huber } from "../../src/analysis/fitting/robust-loss.ts";
import { fitDataConstrained } from "../../src/analysis/parametric-laws/data-constrained-fit.ts";
import { dataConstrainedLoss } from "../../src/analysis/parametric-laws/data-constrained-law.ts";
import type { Point } from "../../src/analysis/points/point.ts";
import { mean } from "../../src/maths/least-squares.ts";
import { MUENNIGHOFF_C4 } from "../../src/theory/specifications.ts";
import { expected } from "../reference/expected.ts";
import { lazily } from "./lazily.ts";
import { tableRows } from "./tables.ts";

const reference = expected.muennighoff;
const runs = lazily((): Point[] =>
	tableRows("muennighoff_runs.csv")
		.filter((row) => row.in_fit_182 === "1")
		.map(({ run, N, D, U, loss }) => ({
			run: run!,
			parameters: Number(N),
			tokens: Number(D),
			uniqueTokens: Number(U),
			flops: 6 * Number(N) * Number(D),
			loss: Number(loss),
		})),
);

const predict = (parameters: Record<string, number>, point: Point) =>
	dataConstrainedLoss(MUENNIGHOFF_C4, parameters, point).loss;
const objective = (parameters: Record<string, number>) =>
	runs().reduce((sum, point) => sum + huber(Math.abs(Math.log(predict(parameters, point) / point.loss)), 1e-3), 0);
const explained = (parameters: Record<string, number>) => {
	const center = mean(runs().map(({ loss }) => loss));
	const squares = (of: (point: Point) => number) =>
		runs().reduce((sum, point) => sum + (point.loss - of(point)) ** 2, 0);
	return 1 - squares((point) => predict(parameters, point)) / squares(() => center);
};

describe("expected.json muennighoff", () => {
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

	const fit = lazily(() => fitDataConstrained(runs(), { base: "published" }));

	test("mine.other_minima: several minima of nearly one objective, the published one among them", () => {
		const { local_minimum_from_published: local, other_minima } = reference.mine;
		const minima = [
			...fit().health!.nearTies,
			{
				parameters: Object.fromEntries(
					Object.entries(fit().parameters).map(([name, { estimate }]) => [name, estimate]),
				),
				objective: fit().objective!.value,
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
		expect(fit().health!.agreement).toBeLessThan(0.9);
	});

	test("R_D* has no upper bound, so that no value is reported", () => {
		expect(fit().estimate).toBeNull();
		const ninetyFive = fitDataConstrained(runs(), { base: "published", interval: 0.95 });
		expect(ninetyFive.reason).toMatch(/^R_D\* ≥ [0-9.]+, no upper bound \(95 %\)/);
		// The reference's bootstrap at 95 % begins at 5.1.
		expect(Math.abs(ninetyFive.health!.profiles!["R_D*"]!.low! - 5)).toBeLessThan(0.3);
		expect(ninetyFive.health!.profiles!["R_D*"]!.high).toBeNull();
		expect(fit().health!.profiles!["R_D*"]!.low!).toBeGreaterThan(ninetyFive.health!.profiles!["R_D*"]!.low!);
	});

	test("mine.data_only", () => {
		const { R_D, objective } = reference.mine.data_only;
		const dataOnly = fitDataConstrained(runs(), { base: "published", decay: "data" });
		expect(dataOnly.estimate).toBeCloseTo(R_D, 4);
		expect(Math.abs(dataOnly.objective!.value / objective - 1)).toBeLessThan(1e-7);
		expect(dataOnly.low!).toBeLessThan(R_D);
		expect(dataOnly.high!).toBeGreaterThan(R_D);
	});

	test("mine.loss_lt_5", () => {
		const { n, R_D, R_N, objective } = reference.mine.loss_lt_5;
		const low = fitDataConstrained(
			runs().filter(({ loss }) => loss < 5),
			{ base: "published" },
		);
		expect(low.points.length).toBe(n);
		expect(low.estimate).toBeCloseTo(R_D, 3);
		expect(low.parameters["R_N*"]!.estimate).toBeCloseTo(R_N, 3);
		expect(Math.abs(low.objective!.value / objective - 1)).toBeLessThan(1e-7);
	});
});
