import { describe, expect, test } from "vitest";
import { refitter } from "../../../src/analysis/fitting/fit-parametric-law.ts";
import { compareOnHeldOutScale } from "../../../src/analysis/parametric-laws/held-out-scale.ts";
import { KAPLAN } from "../../../src/analysis/parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "../../../src/analysis/parametric-laws/method3.ts";
import { suggestNextRun } from "../../../src/analysis/parametric-laws/next-run.ts";
import { rosenfeldLaw } from "../../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { singleVariableLaw } from "../../../src/analysis/parametric-laws/single-variable-laws.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { lawPoints } from "../law-points.ts";
import { fitMethod3 } from "./fit-laws.ts";

const laws = [KAPLAN, singleVariableLaw("C", false), singleVariableLaw("C", true), METHOD_3, rosenfeldLaw()];

describe("laws fitted to the small runs predict the largest", () => {
	test("the law that the points obey is best, and that of C alone is worst", () => {
		const { by, fittedRuns, predictedRuns, laws: compared } = compareOnHeldOutScale(laws, lawPoints(240, 0.003));
		expect(by).toBe("flops");
		expect(fittedRuns.length + predictedRuns.length).toBe(240);
		expect(predictedRuns.length).toBeGreaterThanOrEqual(24);
		const order = compared.map(({ law }) => law);
		expect(order[0]).toBe("method3");
		expect(order.at(-1)).toBe("L(C)");
		expect(compared[0]!.error).toBeLessThan(0.005);
		expect(compared.at(-1)!.error).toBeGreaterThan(0.01);
	});

	test("whole runs: no checkpoint of a predicted run is fitted", () => {
		const truth = { E: 1.5, A: 40, B: 200, α: 0.3, β: 0.33 };
		const points: Point[] = [1e5, 2e5, 4e5, 8e5, 1.6e6].flatMap((parameters, i) =>
			[1, 2, 4, 8, 16].map((step) => {
				const point = { run: `size ${i}`, parameters, tokens: 2e6 * step, flops: 12e6 * step * parameters, loss: 1 };
				return { ...point, loss: METHOD_3.loss(truth, point) };
			}),
		);
		const { fittedRuns, predictedRuns, laws: compared } = compareOnHeldOutScale([METHOD_3], points);
		expect(predictedRuns).toEqual(["size 4"]);
		expect(fittedRuns).toHaveLength(4);
		expect(compared[0]!.points).toBe(5);
		expect(compared[0]!.error).toBeLessThan(1e-6);
	});

	test("without a larger run there is no comparison", () => {
		const same = lawPoints(240).map((point) => ({ ...point, parameters: 1e8, flops: 1e20 }));
		expect(compareOnHeldOutScale(laws, same).reason).toContain("nothing is larger than the rest");
		expect(compareOnHeldOutScale(laws, []).laws).toEqual([]);
		const few = compareOnHeldOutScale(laws, lawPoints(240).slice(0, 3)).laws;
		expect(few.filter(({ law }) => law === "method3")[0]!.reason).toContain("distinct");
	});
});

describe("the next run", () => {
	const truth = { E: 1.5, A: 40, B: 200, α: 0.3, β: 0.33 };
	const points: Point[] = [1e5, 3e5, 1e6, 3e6].flatMap((parameters, i) =>
		[3e6, 1e7, 3e7].map((tokens, j) => {
			const point = { run: `${i} ${j}`, parameters, tokens, flops: 6 * parameters * tokens, loss: 1 };
			return {
				...point,
				loss: METHOD_3.loss(truth, point) * Math.exp(0.003 * normal(randomKey(6, "noise"), 3 * i + j)),
			};
		}),
	);
	const estimate = Object.fromEntries(
		Object.entries(fitMethod3(points, { loss: "log-mse" }).parameters).map(([name, value]) => [name, value.estimate]),
	);

	test("narrows the interval by the share that refits of simulated studies show", () => {
		const candidates = [
			{ parameters: 1e7, tokens: 1e8 },
			{ parameters: 3e5, tokens: 1e7 },
			{ parameters: 3e4, tokens: 1e8 },
		];
		const suggested = suggestNextRun(METHOD_3, points, estimate, { candidates });
		const spreadWith = (more: typeof candidates) => {
			const all = [
				...points,
				...more.map((run) => ({ ...run, run: "next", flops: 6 * run.parameters * run.tokens, loss: 1 })),
			];
			const ones = new Float64Array(all.length).fill(1);
			const draws = Array.from({ length: 300 }, (_, r) => {
				const key = randomKey(7, "study", r);
				const moved = all.map((point, i) => ({
					...point,
					loss: METHOD_3.loss(estimate, point) * Math.exp(3e-4 * normal(key, i)),
				}));
				return refitter(METHOD_3, moved, estimate, { loss: "log-mse" })(ones)!.a!;
			});
			const center = draws.reduce((sum, value) => sum + value, 0) / draws.length;
			return Math.sqrt(draws.reduce((sum, value) => sum + (value - center) ** 2, 0) / draws.length);
		};
		const before = spreadWith([]);
		for (const { parameters, tokens, narrowing } of suggested)
			expect(Math.abs(1 - spreadWith([{ parameters, tokens }]) / before - narrowing)).toBeLessThan(0.06);
	});

	test("comes from a grid by default, the most worth per FLOP first, within a budget", () => {
		const suggested = suggestNextRun(METHOD_3, points, estimate, { budget: 1e15 });
		expect(suggested.length).toBeGreaterThan(20);
		expect(suggested.every(({ flops }) => flops <= 1e15)).toBe(true);
		for (let i = 1; i < suggested.length; i++)
			expect(suggested[i]!.perFlop).toBeLessThanOrEqual(suggested[i - 1]!.perFlop);
	});

	test("is none where the points determine nothing", () => {
		expect(suggestNextRun(METHOD_3, [], estimate)).toEqual([]);
		expect(suggestNextRun(METHOD_3, points.slice(0, 2), estimate)).toEqual([]);
		expect(suggestNextRun(METHOD_3, points, estimate, { parameter: "no such" })).toEqual([]);
	});
});
