import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

const plan = await planOfPreset("mup");
const isMup = ({ model }: RunSpec) => "baseWidth" in model && model.baseWidth !== null;

/** The best rate falls to 0.7 of itself with each doubling of the width, but not under μP. */
function loss(spec: RunSpec): number {
	const best = isMup(spec) ? 0.004 : 0.005 * 0.7 ** Math.log2(spec.model.width / 8);
	return 4 - 0.1 * Math.log2(spec.model.width) + 0.1 * Math.log(spec.optimizer.learningRate / best) ** 2;
}

/** The factors of the sentence with their intervals: standard, then μP. */
const factors = (sentence: string) =>
	[...sentence.matchAll(/([\d.]+) \(([\d.]+) to ([\d.]+)\)/g)].map(([, ...numbers]) => numbers.map(Number));

test("the change of the best rate with the width in both parametrizations", () => {
	const { sentence, figure, warnings } = answer(plan, resultsOf(plan, loss))!;
	expect(sentence).toBe(
		"With each doubling of the width, the best learning rate changes by a factor of 0.70000 (0.70000 to 0.70000) under the " +
			"standard parametrization, and of 1.00000 (1.00000 to 1.00000) under μP.",
	);
	expect(warnings).toEqual([]);
	const standard = figure.table.rows.slice(0, 8).filter(([name]) => JSON.stringify(name).includes("standard"));
	expect(standard.map((row) => row.slice(1, 3))).toEqual(
		[0.005, 0.0035, 0.00245, 0.001715].map((rate, i) => [8 * 2 ** i, expect.closeTo(rate, 9)]),
	);
});

test("its 90 % interval holds the change in about nine of ten studies", () => {
	let inside = 0;
	const studies = 150;
	for (let study = 0; study < studies; study++) {
		const { sentence } = answer(plan, resultsOf(plan, loss, 0.003, study), { resamples: 200 })!;
		for (const [i, [, low, high]] of factors(sentence).entries()) {
			const truth = [0.7, 1][i]!;
			if (low! <= truth && truth <= high!) inside++;
		}
	}
	expect(inside / (2 * studies)).toBeGreaterThan(0.84);
	expect(inside / (2 * studies)).toBeLessThan(0.99);
});

test("diverged runs are bad rates, and a best rate at the edge does not count", () => {
	const results = resultsOf(plan, (spec) =>
		spec.model.width === 64 && !isMup(spec) ? 4 + spec.optimizer.learningRate : loss(spec),
	).map((run) => (run.spec.optimizer.learningRate > 0.01 ? { ...run, validationLoss: null } : run));
	const { sentence, figure, warnings } = answer(plan, results)!;
	expect(factors(sentence)[0]![0]).toBeCloseTo(0.7, 4);
	expect(warnings).toEqual([
		expect.stringMatching(/\(width 64 under the standard parametrization: 0\.0005\)\.$/),
		"Widths with such a rate do not count in the change with the width.",
		"16 runs diverged; their learning rates count as having the loss of a uniform guess.",
	]);
	const row = figure.table.rows.find(([name, width]) => width === 64 && JSON.stringify(name).includes("standard"))!;
	expect(row.slice(2, 5)).toEqual([null, null, null]);
	expect(row.at(-1)).toBe(1);
});

test("a study still training, one seed, or no runs", () => {
	const results = resultsOf(plan, loss, 0.003);
	const first = answer(plan, results.slice(0, 5))!;
	expect(first.sentence).toBe("Fewer than two widths have a best learning rate between others.");
	const one = answer(
		plan,
		results.filter(({ spec }) => spec.seed === 1),
	)!;
	expect(one.sentence).toMatch(/a factor of [\d.]+ \(no interval\) under the standard/);
	for (let count = 0; count < results.length; count += 7) answer(plan, results.slice(0, count), { resamples: 20 });
	const none = answer(plan, [])!;
	expect(none.figure.marks).toEqual([]);
	expect(none.figure.table.rows).toEqual([]);
});
