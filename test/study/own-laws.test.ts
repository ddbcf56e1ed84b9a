import { beforeAll, expect, test } from "vitest";
import { estimatesOf } from "../../src/analysis/fitting/fit.ts";
import { lossLawOf } from "../../src/analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { optimumOfLaw } from "../../src/analysis/power-laws/predict.ts";
import { type FitsOfRuns, fitsOfRuns } from "../../src/study/fits-of-runs.ts";
import { ownLaws } from "../../src/study/own-laws.ts";
import { adviseFully } from "../../src/theory/advice.ts";
import { lawStyle, lineLabel } from "../../src/theory/charts/plan-law-style.ts";
import { bestAllocation, lossAt } from "../../src/theory/loss-law.ts";
import { type AllocationLaw, advise } from "../../src/theory/published-laws.ts";
import { planOfPreset } from "../experiments/fixtures.ts";
import { lawRuns } from "../experiments/law-runs.ts";
import { relativeError } from "../reference/expected.ts";

let fits: FitsOfRuns;
let laws: AllocationLaw[];
beforeAll(async () => {
	fits = fitsOfRuns(lawRuns(await planOfPreset("isoflop"), { noise: 0.002 }), "total", 60);
	laws = ownLaws(fits);
});

test("a study has one law for each method that its runs determine, each with its own color and name", () => {
	expect(laws.map(({ id, label }) => [id, label])).toEqual([
		["study-2-total", "Your study, Method 2"],
		["study-3-total", "Your study, Method 3"],
		["study-rosenfeld-total", "Your study, Rosenfeld's form"],
	]);
	const own = [{ id: "study-total", label: "Your study, Method 1", counting: "total" as const }, ...laws];
	expect(new Set(own.map((law) => JSON.stringify(lawStyle(law).color))).size).toBe(4);
	expect(new Set(own.map((law) => JSON.stringify(lineLabel(law)))).size).toBe(4);
});

test("each advises what its fit says, near its data and far beyond them", () => {
	const { method2, method3, rosenfeld } = fits.analysis;
	const { kN, a } = method2!.allocation.parameters;
	const loss = lossLawOf(estimatesOf(method3!));
	const form = rosenfeldLaw(fits.vocabulary);
	for (const flops of [1e13, 1e20]) {
		const [two, three, ceiling] = laws.map((law) => advise(law, flops));
		expect(relativeError(two!.parameters, kN!.estimate * flops ** a!.estimate)).toBeLessThan(1e-9);
		const best = bestAllocation(loss, flops);
		expect(relativeError(three!.parameters, best.parameters)).toBeLessThan(1e-9);
		expect(relativeError(three!.loss!, lossAt(loss, best.parameters, best.tokens))).toBeLessThan(1e-9);
		const optimum = optimumOfLaw(form, estimatesOf(rosenfeld!), flops, 6)!;
		expect(relativeError(ceiling!.parameters, optimum.parameters)).toBeLessThan(1e-4);
		expect(ceiling!.loss).toBeNull();
	}
});

test("each has its exponent's interval and its data's range; a law of L(N, D) answers for other sizes too", () => {
	const { method2, method3, rosenfeld } = fits.analysis;
	const answers = laws.map((law) => adviseFully(law, { flops: 1e20, inferenceTokens: 1e9 }));
	expect(answers.map(({ interval }) => interval)).toEqual(
		[method2!.allocation, method3!, rosenfeld!].map(({ low, high, level }) => ({ low, high, level })),
	);
	expect(answers.map(({ beyond }) => beyond)).toEqual(["above", "above", "above"]);
	expect(answers.map(({ inference }) => inference !== null)).toEqual([false, true, false]);
});

test("there are none of what is not determined, nor of exact FLOPs", () => {
	const { analysis } = fits;
	const open = { ...analysis.method3!, estimate: null, reason: "too few sizes" };
	const ids = ownLaws({ ...fits, analysis: { ...analysis, method3: open } }).map(({ id }) => id);
	expect(ids).toEqual(["study-2-total", "study-rosenfeld-total"]);
	expect(ownLaws({ ...fits, counting: "exact" })).toEqual([]);
});
