import { expect, test } from "vitest";
import { chooseRates } from "../../../src/analysis/method1/choose-rates.ts";
import type { CurveRun } from "../../../src/analysis/points/curve-run.ts";
import { geometricSizes, syntheticRuns } from "../synthetic-study.ts";

const penalty = (rate: number) => 1 + 0.02 * Math.log(rate / 0.01) ** 2;
const learningRates = [0.003, 0.01, 0.03];
const study = () => syntheticRuns({ sizes: geometricSizes(2), learningRates, ratePenalty: penalty });

test("each size takes the rate with the lowest final loss; the others are left out, and why", () => {
	const { choices, leftOut } = chooseRates(study());
	expect(choices.map(({ chosen }) => chosen.learningRate)).toEqual([0.01, 0.01]);
	expect(choices.map(({ chosen }) => chosen.atGridEdge)).toEqual([false, false]);
	expect(choices[0]!.chosen.rates.map((rate) => rate.learningRate)).toEqual(learningRates);
	expect(choices[0]!.chosen.loss).toBeCloseTo(Math.min(...choices[0]!.chosen.rates.map((rate) => rate.loss)), 12);
	expect(leftOut.map(({ run }) => run)).toEqual(["0-0.003-0", "0-0.03-0", "1-0.003-0", "1-0.03-0"]);
	expect(leftOut[0]!.reason).toMatch(/learning rate 0.01 gave this size a lower loss/);
});

test("a best rate at the end of those tried is marked, unless the next one diverged", () => {
	const rising = (rate: number) => 1 + rate;
	const runs = syntheticRuns({ sizes: geometricSizes(1), learningRates, ratePenalty: rising });
	expect(chooseRates(runs).choices[0]!.chosen).toMatchObject({ learningRate: 0.003, atGridEdge: true });
	const falling = syntheticRuns({ sizes: geometricSizes(1), learningRates, ratePenalty: (rate) => 2 - rate });
	const diverged: CurveRun[] = falling.map((run) =>
		run.spec.optimizer.learningRate === 0.03 ? { ...run, status: "diverged" } : run,
	);
	const { choices, leftOut } = chooseRates(diverged);
	expect(choices[0]!.chosen).toMatchObject({ learningRate: 0.01, atGridEdge: false });
	expect(leftOut).toContainEqual({ run: "0-0.03-0", reason: "it diverged: its loss was no longer a number" });
});

test("seeds of one rate are compared by their mean and chosen together", () => {
	const runs = syntheticRuns({ sizes: geometricSizes(1), learningRates, seeds: 3, ratePenalty: penalty });
	expect(chooseRates(runs).choices[0]!.chosen.runIds).toEqual(["0-0.01-0", "0-0.01-1", "0-0.01-2"]);
});

test("runs in training are compared where all have data, and those far behind wait", () => {
	const cut = (run: CurveRun, points: number): CurveRun => ({
		...run,
		status: "training",
		curve: { tokens: run.curve.tokens.slice(0, points), loss: run.curve.loss.slice(0, points) },
	});
	const [a, b, c] = study();
	const { choices, leftOut } = chooseRates([cut(a!, 60), cut(b!, 58), cut(c!, 10)]);
	expect(choices[0]!.chosen.rates.map((rate) => rate.learningRate)).toEqual([0.003, 0.01]);
	expect(choices[0]!.chosen.learningRate).toBe(0.01);
	expect(leftOut.find(({ run }) => run === c!.id)!.reason).toMatch(/still training/);
	// Once one has finished, training runs wait for it.
	const mixed = chooseRates([a!, cut(b!, 118)]);
	expect(mixed.choices[0]!.chosen.learningRate).toBe(0.003);
	expect(mixed.leftOut).toEqual([{ run: b!.id, reason: expect.stringContaining("still training") }]);
});

test("different lengths of a size are chosen among separately", () => {
	const short = study().map((run): CurveRun => ({ ...run, id: `${run.id}-short`, spec: { ...run.spec, steps: 500 } }));
	const { choices } = chooseRates([...study(), ...short]);
	expect(choices.map(({ chosen }) => chosen.recipe)).toEqual([
		"constant rate, 1000 steps of 1024 tokens",
		"constant rate, 500 steps of 1024 tokens",
		"constant rate, 1000 steps of 1024 tokens",
		"constant rate, 500 steps of 1024 tokens",
	]);
	expect(new Set(choices.map((choice) => choice.sizeKey)).size).toBe(2);
});

test("runs given twice, without points or without parameters are left out by name", () => {
	const [a, b, c] = study();
	const { leftOut } = chooseRates([
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
