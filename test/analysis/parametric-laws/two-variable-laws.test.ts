import { describe, expect, test } from "vitest";
import type { LossName } from "../../../src/analysis/fitting/fit.ts";
import type { ParametricLaw } from "../../../src/analysis/fitting/parametric-law.ts";
import { KAPLAN } from "../../../src/analysis/parametric-laws/kaplan-law.ts";
import { rosenfeldLaw } from "../../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { fitSingleVariable, singleVariableLaw } from "../../../src/analysis/parametric-laws/single-variable-laws.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { epochPoints } from "../epoch-points.ts";
import { expected } from "../reference-data.ts";
import { fitKaplan, fitRosenfeld } from "./fit-laws.ts";

const LOSSES = [
	["logMSE", "log-mse"],
	["huber1e3", "huber"],
] as const;

describe("expected.json method3_epoch.kaplan_joint_240", () => {
	test.each(LOSSES)("%s", (key, loss) => {
		const want = expected("method3_epoch").kaplan_joint_240[key];
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
		const want = expected("method3_epoch").rosenfeld_240[key];
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

	test("a loss above ε₀ asks for the vocabulary", () => {
		const points = epochPoints(240);
		const fit = fitRosenfeld([...points, { ...points[0]!, run: "x", loss: 11 }]);
		expect(fit.reason).toContain("a loss of 11 is not below the ceiling");
	});
});

/** Points that obey a law exactly, over six decades of size. */
function pointsOf(law: ParametricLaw, parameters: Record<string, number>, first: number): Point[] {
	const points: Point[] = [];
	for (let i = 0; i < 6; i++)
		for (let j = 0; j < 6; j++) {
			const [N, D] = [first * 8 ** i, 20 * first * 8 ** (i + j - 2)];
			const point = { run: `${i} ${j}`, parameters: N, tokens: D, flops: 6 * N * D, loss: 0 };
			points.push({ ...point, loss: law.loss(parameters, point) });
		}
	return points;
}

describe("exact laws come back from points without noise, small models and large ones, by every loss", () => {
	const cases: [
		string,
		ParametricLaw,
		Record<string, number>,
		(points: Point[], loss: LossName) => ReturnType<typeof fitKaplan>,
	][] = [
		["kaplan", KAPLAN, { Nc: 6.4e13, Dc: 1.8e13, αN: 0.076, αD: 0.103 }, (points, loss) => fitKaplan(points, { loss })],
		[
			"rosenfeld",
			rosenfeldLaw(2048),
			{ a: 9, b: 30, c: 0.2, α: 0.3, β: 0.35 },
			(points, loss) => fitRosenfeld(points, { loss, vocabulary: 2048 }),
		],
		[
			"L(N)",
			singleVariableLaw("N", false),
			{ "N₀": 8.8e13, α: 0.076 },
			(points, loss) => fitSingleVariable(points, "N", false, { loss }),
		],
		[
			"L(D) with offset",
			singleVariableLaw("D", true),
			{ E: 1.2, "D₀": 5e5, α: 0.3 },
			(points, loss) => fitSingleVariable(points, "D", true, { loss }),
		],
		[
			"L(C) with offset",
			singleVariableLaw("C", true),
			{ E: 0.5, "C₀": 1e14, α: 0.1 },
			(points, loss) => fitSingleVariable(points, "C", true, { loss }),
		],
	];
	test.each(cases)("%s", (_, law, parameters, fit) => {
		for (const first of [1e3, 1e7])
			for (const loss of ["huber", "lad", "log-mse", "mse"] as const) {
				const found = fit(pointsOf(law, parameters, first), loss);
				for (const [name, value] of Object.entries(parameters))
					expect(Math.abs(Math.log(found.parameters[name]!.estimate / value)), `${name} by ${loss}`).toBeLessThan(1e-4);
				expect(found.residual).toBeLessThan(1e-8);
			}
	});
});

test("Kaplan's published laws of one variable are of this form", () => {
	const { L_N } = expected("kaplan_constants");
	const point = { run: "", parameters: 1.5e9, tokens: 1, flops: 1, loss: 1 };
	expect(singleVariableLaw("N", false).loss({ "N₀": L_N.Nc, α: L_N.aN }, point)).toBeCloseTo(
		(8.8e13 / 1.5e9) ** 0.076,
		12,
	);
});

test("what one variable does not determine is said", () => {
	const points = epochPoints(240).map((point) => ({ ...point, parameters: 1e8 }));
	expect(fitSingleVariable(points, "N", false).reason).toContain("1 distinct numbers of parameters");
	const rising = epochPoints(240).map((point, i) => ({ ...point, flops: 1e18 * (1 + i), loss: 2 + i / 100 }));
	expect(fitSingleVariable(rising, "C", true).reason).toBe("the points do not show how the loss falls with C");
});
