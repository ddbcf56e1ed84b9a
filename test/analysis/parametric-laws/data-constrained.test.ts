import { describe, expect, test } from "vitest";
import { fitDataConstrained } from "../../../src/analysis/parametric-laws/data-constrained-fit.ts";
import {
	bestSizeForTokens,
	dataConstrainedLaw,
	dataConstrainedLoss,
	effective,
} from "../../../src/analysis/parametric-laws/data-constrained-law.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { MUENNIGHOFF_C4 } from "../../../src/theory/specifications.ts";
import { expected } from "../../reference/expected.ts";

const reference = expected.muennighoff;

const predict = (parameters: Record<string, number>, point: Point) =>
	dataConstrainedLoss(MUENNIGHOFF_C4, parameters, point).loss;

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

	test("expm1: no steps at large R*", () => {
		const point = { run: "", parameters: 1e9, tokens: 1e11, uniqueTokens: 1e9, flops: 0, loss: 0 };
		expect(predict({ "R_D*": 1e14, "R_N*": 1e14 }, point)).toBeCloseTo(predict({}, point), 12);
	});
});

const BASE = { E: 1.1, A: 60, B: 300, alpha: 0.32, beta: 0.36 };

/** Runs at four sizes and three numbers of unique tokens that obey the law with R_D* = 8 and R_N* = 4 up to noise. */
function repeatedRuns(epochs: readonly number[], noise = 0.002): Point[] {
	const law = dataConstrainedLaw(BASE);
	return [1e5, 4e5, 1.6e6, 6.4e6].flatMap((N) =>
		[1e6, 1e7, 1e8].flatMap((U) =>
			epochs.map((times, i) => {
				const point = { run: `${N} ${U} ${i}`, parameters: N, tokens: U * times, uniqueTokens: U, flops: 0, loss: 0 };
				const factor = Math.exp(noise * normal(randomKey(3, `${N} ${U}`), i));
				return { ...point, loss: factor * law.loss({ "R_D*": 8, "R_N*": 4 }, point) };
			}),
		),
	);
}

test("what was put in comes back, also on a base fitted to the points themselves", () => {
	for (const option of [BASE, undefined]) {
		const fit = fitDataConstrained(repeatedRuns([1, 2, 5, 20, 100]), { base: option, loss: "log-mse" });
		expect(Math.abs(fit.estimate! / 8 - 1)).toBeLessThan(option ? 0.05 : 0.5);
		if (option) expect(fit.low! < 8 && 8 < fit.high!).toBe(true);
	}
});

test.each(["huber", "lad", "log-mse", "mse"] as const)(
	"without noise, by %s, both decays come back exactly",
	(loss) => {
		const { parameters, estimate } = fitDataConstrained(repeatedRuns([1, 2, 5, 20, 100], 0), { base: BASE, loss });
		expect(estimate).toBe(parameters["R_D*"]!.estimate);
		expect(parameters["R_D*"]!.estimate).toBeCloseTo(8, 4);
		expect(parameters["R_N*"]!.estimate).toBeCloseTo(4, 4);
	},
);

test("with one decay alone, the other is left out", () => {
	const data = fitDataConstrained(repeatedRuns([1, 2, 5, 20, 100]), { base: BASE, decay: "data" });
	expect(Object.keys(data.parameters)).toEqual(["R_D*"]);
	expect(data.low! < data.estimate! && data.estimate! < data.high!).toBe(true);
	const size = fitDataConstrained(repeatedRuns([1, 2, 5, 20, 100]), { base: BASE, decay: "parameters" });
	expect(Object.keys(size.parameters)).toEqual(["R_N*"]);
	// What the fit leaves out is not in the law: its objective is that of the decay held infinite.
	const objective = repeatedRuns([1, 2, 5, 20, 100]).reduce((sum, point) => {
		const predicted = dataConstrainedLoss(BASE, { "R_D*": data.estimate! }, point).loss;
		const size = Math.abs(Math.log(predicted / point.loss));
		return sum + (size <= 1e-3 ? size ** 2 / 2 : 1e-3 * (size - 5e-4));
	}, 0);
	expect(data.objective!.value / objective).toBeCloseTo(1, 9);
});

test("runs of so few epochs that repetition costs nothing yet leave R_D* without an upper bound, and no value", () => {
	const fit = fitDataConstrained(repeatedRuns([1, 1.3], 0.004), { base: BASE });
	expect(fit.estimate).toBeNull();
	expect(fit.reason).toMatch(/^R_D\* ≥ [0-9.]+, no upper bound \(90 %\)/);
	expect(fit.health!.profiles!["R_D*"]!.high).toBeNull();
	expect(fit.health!.profiles!["R_D*"]!.low!).toBeLessThan(8);
	const wider = fitDataConstrained(repeatedRuns([1, 1.3], 0.004), { base: BASE, interval: 0.99 });
	expect(wider.health!.profiles!["R_D*"]!.low!).toBeLessThan(fit.health!.profiles!["R_D*"]!.low!);
});

test("points without repetition say that R_D* needs it", () => {
	const runs = repeatedRuns([1, 2]);
	const once = runs.map((run) => ({ ...run, uniqueTokens: run.tokens }));
	expect(fitDataConstrained(once).reason).toBe("no point sees a token twice; R_D* needs repeated tokens");
	expect(fitDataConstrained(runs.map(({ uniqueTokens: _, ...run }) => run)).reason).toContain(
		"unique tokens is missing",
	);
});
