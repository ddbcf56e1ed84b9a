import { describe, expect, test } from "vitest";
import { fitKaplan, fitRosenfeld } from "../analysis/parametric-laws/fit-laws.ts";
import { expected } from "../reference/expected.ts";
import { epochPoints } from "./epoch-points.ts";

const LOSSES = [
	["logMSE", "log-mse"],
	["huber1e3", "huber"],
] as const;

describe("expected.json method3_epoch.kaplan_joint_240", () => {
	test.each(LOSSES)("%s", (key, loss) => {
		const want = expected.method3_epoch.kaplan_joint_240[key];
		const { parameters, objective, estimate, health } = fitKaplan(epochPoints(240), { loss });
		expect(Math.abs(objective!.value / (want.objective ?? want.half_SS) - 1)).toBeLessThan(1e-5);
		expect(Math.abs(parameters.αN!.estimate - want.aN)).toBeLessThan(2e-4);
		expect(Math.abs(parameters.αD!.estimate - want.aD)).toBeLessThan(2e-4);
		expect(Math.abs(parameters.Nc!.estimate / want.Nc - 1)).toBeLessThan(0.01);
		expect(Math.abs(parameters.Dc!.estimate / want.Dc - 1)).toBeLessThan(0.01);
		expect(estimate).toBeCloseTo(want.aD / (want.aN + want.aD), 3);
		expect(health!.agreement).toBeGreaterThan(0.9);
		expect(health!.gradientNorm).toBeLessThan(1e-10);
	});
});

describe("expected.json method3_epoch.rosenfeld_240", () => {
	test.each(LOSSES)("%s", (key, loss) => {
		const want = expected.method3_epoch.rosenfeld_240[key];
		const { parameters, objective, health } = fitRosenfeld(epochPoints(240), { loss });
		expect(Math.abs(objective!.value / (want.objective ?? want.half_SS) - 1)).toBeLessThan(1e-5);
		expect(Math.abs(parameters.α!.estimate - want.alpha)).toBeLessThan(1e-3);
		expect(Math.abs(parameters.β!.estimate - want.beta)).toBeLessThan(1e-3);
		expect(Math.abs(parameters.a!.estimate / want.a - 1)).toBeLessThan(0.02);
		expect(Math.abs(parameters.b!.estimate / want.b - 1)).toBeLessThan(0.02);
		expect(parameters.c!.estimate).toBeCloseTo(want.c, 4);
		expect(parameters["L∞"]!.estimate).toBeCloseTo(want.L_inf, 4);
		expect(health!.agreement).toBeGreaterThan(0.9);
		expect(health!.gradientNorm).toBeLessThan(1e-10);
	});
});
