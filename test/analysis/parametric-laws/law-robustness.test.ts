import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fit, LossName } from "../../../src/analysis/fitting/fit.ts";
import { refitter } from "../../../src/analysis/fitting/fit-parametric-law.ts";
import { fitDataConstrained } from "../../../src/analysis/parametric-laws/data-constrained-fit.ts";
import { METHOD_3 } from "../../../src/analysis/parametric-laws/method3.ts";
import { fitSingleVariable } from "../../../src/analysis/parametric-laws/single-variable-laws.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey, uniform } from "../../../src/maths/random.ts";
import { fitKaplan, fitMethod3, fitRosenfeld } from "./fit-laws.ts";

const TRUTH = { E: 1.4, A: 30, B: 90, α: 0.31, β: 0.37 };
const LOSSES: LossName[] = ["huber", "lad", "log-mse", "mse"];

/** Points of a law at random sizes from `first` on, over three decades of each variable. */
function study(seed: number, count: number, first: number, noise: number): Point[] {
	const key = randomKey(seed, "study");
	const A = TRUTH.A * (first / 1e4) ** TRUTH.α;
	const B = TRUTH.B * (first / 1e4) ** TRUTH.β;
	return Array.from({ length: count }, (_, i) => {
		const parameters = first * 1000 ** uniform(key, 2 * i);
		const tokens = 20 * first * 1000 ** uniform(key, 2 * i + 1);
		const loss = TRUTH.E + A * parameters ** -TRUTH.α + B * tokens ** -TRUTH.β;
		const point = {
			run: `${i}`,
			parameters,
			tokens,
			uniqueTokens: tokens / (1 + (i % 4)),
			flops: 6 * parameters * tokens,
		};
		return { ...point, loss: loss * Math.exp(noise * normal(key, count + i)) };
	});
}

const fits: Record<string, (points: Point[], loss: LossName) => Fit> = {
	method3: (points, loss) => fitMethod3(points, { loss }),
	kaplan: (points, loss) => fitKaplan(points, { loss }),
	rosenfeld: (points, loss) => fitRosenfeld(points, { loss }),
	"L(N)": (points, loss) => fitSingleVariable(points, "N", false, { loss }),
	"L(C) with offset": (points, loss) => fitSingleVariable(points, "C", true, { loss }),
	"data-constrained": (points, loss) => fitDataConstrained(points, { loss }),
};

/** Every number in a fit, its points aside, with where it stands. */
function numbersIn(value: unknown, at = ""): [string, number][] {
	if (typeof value === "number") return [[at, value]];
	if (!value || typeof value !== "object") return [];
	return Object.entries(value).flatMap(([key, inner]) => (key === "points" ? [] : numbersIn(inner, `${at}.${key}`)));
}

function expectSound(fit: Fit): void {
	expect(numbersIn(fit).filter(([, number]) => !Number.isFinite(number))).toEqual([]);
	expect(fit.estimate === null).toBe(fit.reason !== null);
}

describe("malformed points never give NaN, and say what is missing", () => {
	const good = study(1, 24, 1e4, 0.003);
	const bad = [
		{ loss: Number.NaN },
		{ loss: -1 },
		{ loss: Number.POSITIVE_INFINITY },
		{ tokens: -5 },
		{ tokens: 0 },
		{ parameters: Number.NaN },
		{ flops: Number.NEGATIVE_INFINITY, parameters: -1, tokens: -1 },
	];
	const cases: Record<string, Point[]> = {
		none: [],
		one: good.slice(0, 1),
		two: good.slice(0, 2),
		five: good.slice(0, 5),
		"one size only": good.map((point) => ({ ...point, parameters: 1e6, flops: 6e6 * point.tokens })),
		"two sizes": good.map((point, i) => ({ ...point, parameters: 1e6 * (1 + (i % 2)) })),
		"one length only": good.map((point) => ({ ...point, tokens: 1e8, uniqueTokens: 1e8 })),
		"one row many times": Array.from({ length: 50 }, () => good[0]!),
		"rows doubled": [...good, ...good],
		"all faulty": bad.map((fault, i) => ({ ...good[i]!, ...fault })),
		"some faulty": good.map((point, i) => ({ ...point, ...bad[i] })),
		"equal losses": good.map((point) => ({ ...point, loss: 3 })),
		"losses that rise": good.map((point) => ({ ...point, loss: 10 - point.loss })),
		"an outlier of 1e300": [...good, { ...good[0]!, run: "x", loss: 1e300 }],
	};
	test.each(Object.keys(fits))("%s", (name) => {
		for (const points of Object.values(cases)) for (const loss of LOSSES) expectSound(fits[name]!(points, loss));
	});

	test("Method 3 names what it lacks", () => {
		const reason = (name: string) => fitMethod3(cases[name]!).reason;
		expect(reason("none")).toBe("there are no points");
		expect(reason("two")).toBe("the points have 2 distinct numbers of parameters; a law of N and D needs 3");
		expect(reason("one size only")).toContain("1 distinct numbers of parameters");
		expect(reason("one length only")).toContain("1 distinct numbers of tokens");
		expect(reason("one row many times")).toContain("1 distinct numbers of parameters");
		expect(reason("all faulty")).toContain("no point is usable; the first: loss is NaN");
		expect(reason("losses that rise")).toContain("do not show how the loss falls");
		const some = fitMethod3(cases["some faulty"]!);
		expect(some.leftOut).toHaveLength(bad.length);
		expect(some.points).toHaveLength(24 - bad.length);
		expect(some.estimate).toBeCloseTo(TRUTH.β / (TRUTH.α + TRUTH.β), 1);
		expect(fitMethod3(cases.five!).warnings.join()).toContain("5 points for 5 parameters");
	});

	test("doubling every row changes nothing", () => {
		for (const loss of LOSSES) {
			const once = fitMethod3(good, { loss });
			const twice = fitMethod3(cases["rows doubled"]!, { loss });
			expect(twice.estimate! / once.estimate!).toBeCloseTo(1, loss === "lad" ? 5 : 8);
			expect(twice.objective!.value / once.objective!.value).toBeCloseTo(2, 6);
		}
	});

	test("wrong options are errors", () => {
		expect(() => fitMethod3(good, { delta: 0 })).toThrow("fit: delta is 0; it must be positive and finite");
		expect(() => fitMethod3(good, { interval: 90 })).toThrow("fit: interval is 90; it must lie between 0 and 1");
		expect(() => fitMethod3(good, { loss: "l2" as LossName })).toThrow('fit: loss is "l2"');
	});
});

test("a law comes back at any scale, from 1e3 to 1e12 parameters, and N and D may be counted in other units", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(1e3, 1e6, 1e9), (seed, first) => {
			const fit = fitMethod3(study(seed, 40, first, 0), { loss: "log-mse" });
			expect(fit.estimate!).toBeCloseTo(TRUTH.β / (TRUTH.α + TRUTH.β), 5);
			expect(fit.parameters.E!.estimate).toBeCloseTo(TRUTH.E, 4);
			const millions = study(seed, 40, first, 0.01).map((point) => ({ ...point, parameters: point.parameters / 1e6 }));
			const one = fitMethod3(study(seed, 40, first, 0.01));
			expect(fitMethod3(millions).estimate! / one.estimate!).toBeCloseTo(1, 6);
		}),
		{ seed: 3, numRuns: 12 },
	);
});

test("no exponents on a grid do better, whatever the noise", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0.002, 0.02, 0.1), (seed, noise) => {
			const points = study(seed, 30, 1e5, noise);
			const fit = fitMethod3(points);
			if (fit.estimate === null) return;
			for (const α of [0.1, 0.2, 0.3, 0.5, 0.9])
				for (const β of [0.1, 0.2, 0.3, 0.5, 0.9]) {
					const start = { E: 1, A: 1e5 ** α, B: 2e6 ** β, α, β };
					const other = refitter(METHOD_3, points, start)(new Float64Array(30).fill(1));
					if (!other) continue;
					const value = points.reduce((sum, point) => {
						const size = Math.abs(Math.log(METHOD_3.loss(other, point) / point.loss));
						return sum + (size <= 1e-3 ? (size * size) / 2 : 1e-3 * (size - 5e-4));
					}, 0);
					expect(value).toBeGreaterThan(fit.objective!.value * (1 - 1e-9));
				}
		}),
		{ seed: 4, numRuns: 10 },
	);
});

test("D ∝ N throughout leaves α and β exchangeable: the fit says that another set fits as well", () => {
	const points = study(2, 30, 1e4, 0).map((point) => {
		const tokens = 20 * point.parameters;
		return { ...point, tokens, loss: METHOD_3.loss({ ...TRUTH, β: 0.6 }, { ...point, tokens }) };
	});
	const { health } = fitMethod3(points, { loss: "log-mse" });
	expect(health!.nearTies.length).toBeGreaterThan(0);
});

test("three hundred thousand points take seconds, not minutes", () => {
	const some = study(5, 1000, 1e4, 0.01);
	const points = Array.from({ length: 300_000 }, (_, i) => {
		const { parameters, tokens, flops, loss } = some[i % 1000]!;
		const ratio = 1 + Math.floor(i / 1000) / 1e5;
		return { run: "r", parameters: parameters * ratio, tokens: tokens / ratio, flops, loss };
	});
	const fit = fitMethod3(points);
	expect(Math.abs(fit.estimate! - TRUTH.β / (TRUTH.α + TRUTH.β))).toBeLessThan(0.02);
	expect(fit.health!.gradientNorm / fit.objective!.value).toBeLessThan(1e-6);
	expectSound(fit);
});

test("a refit of 300 points is fast: its evaluations are counted in milliseconds", () => {
	const points = study(6, 300, 1e4, 0.01);
	const start = process.cpuUsage();
	const fit = fitMethod3(points);
	const full = process.cpuUsage(start);
	const estimate = Object.fromEntries(Object.entries(fit.parameters).map(([name, value]) => [name, value.estimate]));
	const refit = refitter(METHOD_3, points, estimate);
	const before = process.cpuUsage();
	for (let r = 0; r < 200; r++) {
		const key = randomKey(6, "resample", r);
		const weights = new Float64Array(300);
		for (let i = 0; i < 300; i++) weights[Math.floor(300 * uniform(key, i))]!++;
		expect(refit(weights)).not.toBeNull();
	}
	const spent = process.cpuUsage(before);
	// Ten times what they take, so that a slow machine passes and a fit that hangs does not.
	expect((full.user + full.system) / 1000).toBeLessThan(500);
	expect((spent.user + spent.system) / 1000 / 200).toBeLessThan(5);
});
