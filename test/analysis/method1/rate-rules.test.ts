import { expect, test } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import type { CurveRun } from "../../../src/analysis/points/curve-run.ts";
import { RECONCILE, rateRuns } from "../rate-study.ts";
import { geometricSizes, syntheticRuns, TRUE_EXPONENT } from "../synthetic-study.ts";

/** A study without noise whose best learning rate falls as training goes on. */
const runs = rateRuns({ ...RECONCILE, seedNoise: 0, stepNoise: 0, seeds: 1 }, 1);
const truth = RECONCILE.law.beta / (RECONCILE.law.alpha + RECONCILE.law.beta);
const analysis = analyzeStudy(runs, { resamples: 20 });

test("the lowest loss over all rates gives the exponent of the law; the best rates at the end miss it", () => {
	expect(analysis.rates).toBe("envelope");
	expect(analysis.rule).toBe("lowest loss over 3 learning rates at each compute");
	expect(analysis.conventions.total.allocation.method).toContain(analysis.rule);
	expect(analysis.conventions.total.allocation.estimate).toBeCloseTo(truth, 1);
	const miss = Math.abs(analysis.conventions.total.allocation.estimate! - truth);
	const { otherRule } = analysis;
	expect(otherRule!.rule).toBe("the best of 3 learning rates at the end");
	const other = otherRule!.conventions.total.allocation;
	expect(miss).toBeLessThan(0.02);
	expect(Math.abs(other.estimate! - truth)).toBeGreaterThan(2 * miss);
});

test("either rule is the headline on request, and the other stands beside it", () => {
	const final = analyzeStudy(runs, { resamples: 20, rates: "final" });
	const numbers = ({ conventions }: Pick<typeof final, "conventions">) =>
		Object.values(conventions).map(({ allocation }) => [allocation.estimate, allocation.low, allocation.high]);
	expect(numbers(final)).toEqual(numbers(analysis.otherRule!));
	expect(numbers(final.otherRule!)).toEqual(numbers(analysis));
	expect(() => analyzeStudy(runs, { rates: "none" as "final" })).toThrow(
		/rates is "none"; it must be one of envelope, final/,
	);
});

test("no run is left out because another rate is better; under the other rule it is", () => {
	expect(analysis.leftOut).toEqual([]);
	expect(analysis.conventions.total.allocation.leftOut).toEqual([]);
	expect(analysis.otherRule!.leftOut).toHaveLength(8);
	expect(analysis.otherRule!.leftOut[0]!.reason).toMatch(/gave this size a lower loss at the end/);
});

test("says which rate is the best of its size where, early the higher and later the lower", () => {
	const largest = analysis.chosen.filter(({ parameters }) => parameters.total === 71_256);
	expect(largest.map(({ learningRate }) => learningRate)).toEqual([0.003, 0.0015]);
	expect(largest[1]!.bestAt!.to).toBeGreaterThan(largest[0]!.bestAt!.to);
	expect(largest[0]!.bestAt!.from).toBeLessThan(largest[1]!.bestAt!.from);
});

test("a rate at the edge of the grid is warned of where it is the best at a crossing, unless the next one diverged", () => {
	const edges = analysis.chosen.filter(({ atGridEdge }) => atGridEdge);
	expect(edges.length).toBeGreaterThan(0);
	expect(analysis.warnings.join()).toMatch(/best learning rate where sizes cross is the lowest or highest one tried/);
	const more = rateRuns({ ...RECONCILE, learningRates: [0.00075, 0.0015, 0.003, 0.006, 0.012], seeds: 1 }, 1);
	const diverged = more.map(
		(run): CurveRun =>
			[0.00075, 0.012].includes(run.spec.optimizer.learningRate) ? { ...run, status: "diverged" } : run,
	);
	const bounded = analyzeStudy(diverged, { resamples: 0 });
	expect(bounded.chosen.filter(({ atGridEdge }) => atGridEdge)).toEqual([]);
	expect(bounded.leftOut).toHaveLength(8);
	expect(bounded.leftOut[0]!.reason).toMatch(/diverged/);
});

test("with one rate there is no rule to name and no other reading", () => {
	const single = analyzeStudy(syntheticRuns({ sizes: geometricSizes(5) }), { resamples: 0 });
	expect([single.rule, single.otherRule]).toEqual([null, null]);
	expect(single.conventions.total.allocation.estimate).toBeCloseTo(TRUE_EXPONENT, 2);
});

test("a rate with one seed does not beat rates with three by its noise", () => {
	const three = rateRuns({ ...RECONCILE, cost: { above: 0, below: 0 }, learningRates: [0.003], seedNoise: 0 }, 1);
	// Lower by 2 % without any reason: one lucky seed.
	const lucky = rateRuns(
		{ ...RECONCILE, cost: { above: 0, below: 0 }, learningRates: [0.006], seeds: 1, seedNoise: 0 },
		1,
	).map((run) => ({
		...run,
		curve: { ...run.curve, loss: run.curve.loss.map((loss) => 0.98 * loss) },
	}));
	const found = analyzeStudy([...three, ...lucky], { resamples: 0 });
	expect(new Set(found.chosen.map(({ learningRate }) => learningRate))).toEqual(new Set([0.003]));
	const fair = analyzeStudy([...three.filter(({ spec }) => spec.seed === 0), ...lucky], { resamples: 0 });
	expect(new Set(fair.chosen.map(({ learningRate }) => learningRate))).toEqual(new Set([0.006]));
});

test("while runs train, each rate counts as far as it has come", () => {
	const partial = runs.map((run, i): CurveRun => {
		const points = Math.round(run.curve.tokens.length * (i % 3 === 0 ? 0.99 : 0.9));
		const curve = { tokens: run.curve.tokens.slice(0, points), loss: run.curve.loss.slice(0, points) };
		return { ...run, status: "training", curve };
	});
	const found = analyzeStudy(partial, { resamples: 20 });
	expect(found.leftOut).toEqual([]);
	expect(found.warnings.join()).toMatch(/12 of 12 runs are still training/);
	expect(found.conventions.total.allocation.estimate).toBeCloseTo(truth, 1);
});
