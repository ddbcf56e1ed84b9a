import { expect, test } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { bestAtEnd, compareAtEnd } from "../../../src/analysis/method1/choose-rates.ts";
import { recipesOf } from "../../../src/analysis/method1/recipes.ts";
import type { CurveRun } from "../../../src/analysis/points/curve-run.ts";
import { geometricSizes, syntheticRuns } from "../synthetic-study.ts";

const penalty = (rate: number) => 1 + 0.02 * Math.log(rate / 0.01) ** 2;
const learningRates = [0.003, 0.01, 0.03];
const study = () => syntheticRuns({ sizes: geometricSizes(2), learningRates, ratePenalty: penalty });
const choose = (runs: readonly CurveRun[]) => {
	const { recipes, leftOut } = recipesOf(runs);
	const best = bestAtEnd(recipes);
	return { ...best, leftOut: [...leftOut, ...best.leftOut], compared: compareAtEnd(recipes) };
};
const cut = (run: CurveRun, points: number): CurveRun => ({
	...run,
	status: "training",
	curve: { tokens: run.curve.tokens.slice(0, points), loss: run.curve.loss.slice(0, points) },
});

test("each size takes the rate with the lowest final loss; the others are left out, and why", () => {
	const { recipes, leftOut, compared } = choose(study());
	expect(recipes.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.01]);
	const { rates, best } = compared[0]!;
	expect(rates.map((rate) => rate.learningRate)).toEqual(learningRates);
	expect(best.learningRate).toBe(rates.reduce((p, q) => (q.loss < p.loss ? q : p)).learningRate);
	expect(leftOut.map(({ run }) => run)).toEqual(["0-0.003-0", "0-0.03-0", "1-0.003-0", "1-0.03-0"]);
	expect(leftOut[0]!.reason).toMatch(
		/learning rate 0.01 gave this size a lower loss at the end, [\d.]+ against [\d.]+/,
	);
});

test("seeds of one rate are compared by their mean and chosen together, in the order of their seeds", () => {
	const runs = syntheticRuns({ sizes: geometricSizes(1), learningRates, seeds: 3, ratePenalty: penalty });
	const ids = choose(runs.toReversed()).recipes[0]!.members.map(({ run }) => run.id);
	expect(ids).toEqual(["0-0.01-0", "0-0.01-1", "0-0.01-2"]);
});

test("runs in training are compared where all have data, and those far behind wait", () => {
	const [a, b, c] = study();
	const { recipes, leftOut, compared } = choose([cut(a!, 60), cut(b!, 58), cut(c!, 10)]);
	expect(compared[0]!.rates.map((rate) => rate.learningRate)).toEqual([0.003, 0.01]);
	expect(recipes[0]!.learningRate).toBe(0.01);
	expect(leftOut.find(({ run }) => run === c!.id)!.reason).toMatch(/still training/);
	// Once one has finished, training runs wait for it.
	const mixed = choose([a!, cut(b!, 118)]);
	expect(mixed.recipes[0]!.learningRate).toBe(0.003);
	expect(mixed.leftOut).toEqual([{ run: b!.id, reason: expect.stringContaining("still training") }]);
});

test("a seed in training waits for the others of its recipe while it is far behind", () => {
	const [a, b, c] = syntheticRuns({ sizes: geometricSizes(1), seeds: 3 });
	const { recipes, leftOut } = recipesOf([a!, cut(b!, 115), cut(c!, 60)]);
	expect(recipes[0]!.members.map(({ run }) => run.id)).toEqual([a!.id, b!.id]);
	expect(leftOut).toEqual([
		{ run: c!.id, reason: "it is still training, behind the other seeds that it is averaged with" },
	]);
});

test("different lengths of a size are chosen among separately", () => {
	const short = study().map((run): CurveRun => ({ ...run, id: `${run.id}-short`, spec: { ...run.spec, steps: 500 } }));
	const { recipes } = choose([...study(), ...short]);
	expect(recipes.map(({ members }) => members[0]!.run.spec.steps)).toEqual([1000, 1000, 500, 500]);
	expect(new Set(recipes.map(({ size }) => size)).size).toBe(2);
});

test("runs given twice, without points or without parameters are left out by name", () => {
	const [a, b, c] = study();
	const { leftOut } = recipesOf([
		a!,
		a!,
		{ ...b!, curve: { tokens: [1], loss: [Number.NaN] } },
		{ ...c!, parameters: { ...c!.parameters, nonEmbedding: 0 } },
	]);
	expect(leftOut.map(({ run }) => run)).toEqual([a!.id, b!.id, c!.id]);
	expect(leftOut[0]!.reason).toMatch(/twice/);
	expect(leftOut[1]!.reason).toMatch(/0 usable points/);
	expect(leftOut[2]!.reason).toMatch(/must be 1 or more; they are .* 0 non-embedding/);
});

test("runs that were stopped are never taken for finished, nor for better than runs that go on", () => {
	const [a, b, c] = study();
	const stopped = (run: CurveRun, points: number): CurveRun => ({ ...cut(run, points), status: "stopped" });
	// The best rate, stopped: the next best that went to its end is chosen.
	const { recipes, leftOut } = choose([a!, stopped(b!, 60), c!]);
	expect([0.003, 0.03]).toContain(recipes[0]!.learningRate);
	const reason = "it was stopped before its end, behind the runs that it is compared with";
	expect(leftOut).toContainEqual({ run: b!.id, reason });
	const going = choose([cut(a!, 60), stopped(b!, 60)]);
	expect(going.recipes[0]!.learningRate).toBe(0.003);
	// A torn file may hold nothing else.
	expect(choose([stopped(a!, 60), stopped(b!, 60)]).recipes[0]!.learningRate).toBe(0.01);
});

test("a stopped curve counts in the envelope as far as it goes, and the analysis says so", () => {
	const runs = syntheticRuns({ sizes: geometricSizes(4), learningRates, ratePenalty: penalty });
	const halved = runs.map((run) =>
		run.spec.optimizer.learningRate === 0.03 ? { ...cut(run, 60), status: "stopped" as const } : run,
	);
	const analysis = analyzeStudy(halved, { resamples: 0 });
	expect(analysis.warnings.join("\n")).toContain(
		"4 of 12 runs are stopped early, behind other learning rates: such curves count as far as they go.",
	);
	expect(analysis.leftOut.filter(({ reason }) => reason.includes("stopped"))).toEqual([]);
});
