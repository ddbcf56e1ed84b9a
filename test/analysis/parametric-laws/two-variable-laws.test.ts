import { describe, expect, test } from "vitest";
import type { LossName } from "../../../src/analysis/fitting/fit.ts";
import type { ParametricLaw } from "../../../src/analysis/fitting/parametric-law.ts";
import { KAPLAN } from "../../../src/analysis/parametric-laws/kaplan-law.ts";
import { rosenfeldLaw } from "../../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { fitSingleVariable, singleVariableLaw } from "../../../src/analysis/parametric-laws/single-variable-laws.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { expected } from "../../reference/expected.ts";
import { lawPoints } from "../law-points.ts";
import { fitKaplan, fitRosenfeld } from "./fit-laws.ts";

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

test("what follows from the parameters: the exponents of N* ∝ C^a, and the loss that Rosenfeld's law tends to", () => {
	const kaplan = { Nc: 6.4e13, Dc: 1.8e13, αN: 0.076, αD: 0.103 };
	expect(fitKaplan(pointsOf(KAPLAN, kaplan, 1e7)).estimate).toBeCloseTo(0.103 / (0.076 + 0.103), 4);
	const points = pointsOf(rosenfeldLaw(2048), { a: 9, b: 30, c: 0.2, α: 0.3, β: 0.35 }, 1e7);
	const { estimate, parameters } = fitRosenfeld(points, { vocabulary: 2048 });
	expect(estimate).toBeCloseTo(0.35 / (0.3 + 0.35), 4);
	expect(parameters["L∞"]!.estimate).toBeCloseTo((Math.log(2048) * 0.2) / Math.hypot(0.2, 1), 4);
});

test("a loss above ε₀ asks for the vocabulary", () => {
	const points = lawPoints(60);
	const fit = fitRosenfeld([...points, { ...points[0]!, run: "x", loss: 11 }]);
	expect(fit.reason).toContain("a loss of 11 is not below the ceiling");
});

test("Kaplan's published laws of one variable are of this form", () => {
	const { L_N } = expected.kaplan_constants;
	const point = { run: "", parameters: 1.5e9, tokens: 1, flops: 1, loss: 1 };
	expect(singleVariableLaw("N", false).loss({ "N₀": L_N.Nc, α: L_N.aN }, point)).toBeCloseTo(
		(8.8e13 / 1.5e9) ** 0.076,
		12,
	);
});

test("what one variable does not determine is said", () => {
	const points = lawPoints(60).map((point) => ({ ...point, parameters: 1e8 }));
	expect(fitSingleVariable(points, "N", false).reason).toContain("1 distinct numbers of parameters");
	const rising = lawPoints(60).map((point, i) => ({ ...point, flops: 1e18 * (1 + i), loss: 2 + i / 100 }));
	expect(fitSingleVariable(rising, "C", true).reason).toBe("the points do not show how the loss falls with C");
});
