import { describe, expect, test } from "vitest";
import type { Point } from "../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { type HeldOutPoints, holdOutPoints } from "../../src/study/hold-out-points.ts";
import { lossAt } from "../../src/theory/loss-law.ts";

const LAW = { E: 2, A: 71.7, B: 504, alpha: 0.35, beta: 0.37 };
const options = { resamples: 200, seed: 1, interval: 0.9, vocabulary: 32_000 };
const SIZES = [5e4, 1e5, 2e5, 4e5, 8e5, 1.6e6];
const LENGTHS = [2e7, 6e7, 2e8];

function grid(noise: number, key: number, recipes: readonly string[] = []): Point[] {
	return SIZES.flatMap((parameters, n) =>
		LENGTHS.flatMap((tokens, d) =>
			(recipes.length === 0 ? [undefined] : recipes).map((recipe, r) => {
				const factor = Math.exp(0.05 * r + noise * normal(randomKey(key, "run", n, d), r));
				const loss = factor * lossAt(LAW, parameters, tokens);
				const point = { run: `${n} ${d} ${r}`, parameters, tokens, flops: 6 * parameters * tokens, loss };
				return recipe === undefined ? point : { ...point, recipe };
			}),
		),
	);
}

function held(points: readonly Point[], by: "largest" | "budget"): HeldOutPoints {
	const found = holdOutPoints(points, by, options);
	if ("reason" in found) throw new Error(found.reason);
	return found;
}

describe("what is set aside", () => {
	test("is the largest size, at each of its lengths", () => {
		const { targets, judgement } = held(grid(0.003, 1), "largest");
		expect(targets.map(({ parameters, tokens }) => [parameters, tokens])).toEqual(LENGTHS.map((D) => [1.6e6, D]));
		expect(judgement.kept.length).toBe(15);
		expect(judgement.kept.every(({ parameters }) => parameters < 1.6e6)).toBe(true);
	});

	test("is the largest budget: here one run", () => {
		const { targets } = held(grid(0.003, 1), "budget");
		expect(targets).toMatchObject([{ parameters: 1.6e6, tokens: 2e8, seeds: 1 }]);
	});

	test("counts with the ends of its curves", () => {
		const curves = SIZES.flatMap((parameters, n) =>
			Array.from({ length: 60 }, (_, i): Point => {
				const tokens = 2e8 * ((i + 1) / 60);
				const loss = lossAt(LAW, parameters, tokens) * Math.exp(0.002 * normal(randomKey(3, "curve", n), i));
				return { run: `N ${parameters}`, parameters, tokens, flops: 6 * parameters * tokens, loss };
			}),
		);
		const { targets, judgement } = held(curves, "largest");
		expect(targets.length).toBe(1);
		expect(Math.abs(Math.log(targets[0]!.tokens / 2e8))).toBeLessThan(0.2);
		const { came } = judgement.runs[0]!;
		expect(Math.abs(came! / lossAt(LAW, 1.6e6, targets[0]!.tokens) - 1)).toBeLessThan(0.004);
	});
});

test("exact losses are predicted exactly by the law that they obey", () => {
	const { laws, judgement } = held(grid(0, 1), "largest");
	const method3 = laws.findIndex(({ law }) => law === "method3");
	for (const verdict of judgement.laws[method3]!.runs) expect(Math.abs(verdict!.percent)).toBeLessThan(0.01);
	const kaplan = judgement.laws.find(({ law }) => law === "kaplan")!;
	expect(Math.max(...kaplan.runs.map((verdict) => Math.abs(verdict!.percent)))).toBeGreaterThan(0.2);
});

test("the intervals hold about nine of ten losses", () => {
	let inside = 0;
	for (let study = 1; study <= 40; study++) {
		const { judgement } = held(grid(0.004, study), "budget");
		if (judgement.laws.find(({ law }) => law === "method3")!.runs[0]!.inside) inside++;
	}
	expect(inside).toBeGreaterThanOrEqual(31);
	expect(inside).toBeLessThan(40);
});

test("of several recipes of one size and length the best is judged, and why the others are not is said", () => {
	const { judgement, targets } = held(grid(0.002, 2, ["good", "bad"]), "largest");
	expect(targets.map(({ seeds, runs }) => [seeds, runs.length])).toEqual(LENGTHS.map(() => [1, 2]));
	for (const { run, reason } of judgement.runs)
		expect(reason).toBe(run.endsWith("0") ? null : "another recipe of its size and length has the lower loss");
});

test("too few sizes are left: it says so", () => {
	const few = grid(0.002, 1).filter(({ parameters }) => parameters <= 2e5);
	expect(holdOutPoints(few, "largest", options)).toEqual({
		reason: "without the largest size the points have 2 distinct numbers of parameters; a law of N and D needs 3",
	});
});
