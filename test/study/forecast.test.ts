import { beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/run/run-result.ts";
import { ForecastError } from "../../src/study/check-unseen.ts";
import { type Forecast, sealForecast } from "../../src/study/forecast.ts";
import { sealedSentence, verdictSentence } from "../../src/study/forecast-text.ts";
import { heldOutRuns } from "../../src/study/hold-out.ts";
import { judgeForecast } from "../../src/study/judge-forecast.ts";
import { parseForecast } from "../../src/study/parse-forecast.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import { lossAt } from "../../src/theory/loss-law.ts";
import { LAB_LAW, lawRuns, withDiverged } from "../experiments/law-runs.ts";
import { corpora, studyWith } from "./fixtures.ts";

const sizes = [8, 12, 16, 24, 32, 48].map((width) => ({ width, layers: 2, heads: 2 }));
const now = new Date("2026-11-30T17:20:00Z");
const options = { now, resamples: 100 };

let plan: Plan;
let all: RunResult[];
let kept: RunResult[];
let heldOut: string[];
let forecast: Forecast;
beforeAll(async () => {
	const study = studyWith({ sizes, steps: [2000], seeds: [1, 2], learningRates: [0.005, 0.01] });
	plan = await planStudy(study, corpora);
	// The higher rate is better for all sizes, from the start on.
	const penalty = (spec: RunResult["spec"]) => (spec.optimizer.learningRate === 0.01 ? 1 : 1.03);
	all = lawRuns(plan, { noise: 0.003, penalty });
	heldOut = heldOutRuns(plan, "largest");
	kept = all.filter(({ id }) => !heldOut.includes(id));
	forecast = await sealForecast(plan, "largest", kept, options);
});

describe("a forecast", () => {
	test("names its runs, its time and what it predicts: the largest size at the end", () => {
		expect(forecast.used).toEqual(kept.map(({ id }) => id));
		expect(forecast.heldOut).toEqual(heldOut);
		expect(forecast.sealedAt).toBe("2026-11-30T17:20:00.000Z");
		expect(forecast.targets).toHaveLength(1);
		const [target] = forecast.targets;
		expect(target).toMatchObject({ parameters: 69696, tokens: 2000 * 512, seeds: 2, runs: heldOut });
		expect(sealedSentence(forecast)).toBe(
			"Sealed 30 Nov 2026, 17:20 UTC: 4 runs of the largest size set aside, predicted from 20 runs of the rest.",
		);
	});

	test("by the law that the runs obey is close to the truth, which lies in its interval", () => {
		const { parameters, tokens } = forecast.targets[0]!;
		const truth = lossAt(LAB_LAW, parameters, tokens);
		const { targets, best } = forecast.laws.find(({ law }) => law === "method3")!;
		const [{ loss, low, high }] = targets as [{ loss: number; low: number; high: number }];
		expect(Math.abs(loss / truth - 1)).toBeLessThan(0.02);
		expect(low).toBeLessThan(truth);
		expect(high).toBeGreaterThan(truth);
		expect(high - low).toBeLessThan(0.1 * truth);
		// Of two seeds, the lower loss.
		expect(best!.loss).toBeLessThan(loss);
		expect(best!.low!).toBeLessThan(low);
	});

	test("says of each law why it does not apply", () => {
		const [method3, kaplan, rosenfeld, method1] = forecast.laws;
		expect([method3, kaplan, rosenfeld].map((law) => law!.reason)).toEqual([null, null, null]);
		expect(method1!.reason).toMatch(/no run set aside has about the best size|frontier|cross/);
		expect(method1!.targets).toEqual([null]);
	});

	test("is the same from the same results, whatever their order, and survives JSON", async () => {
		const again = await sealForecast(plan, "largest", [...kept].reverse(), options);
		expect(again).toEqual(forecast);
		expect(parseForecast(JSON.stringify(forecast))).toEqual(forecast);
	});

	test("without intervals where the kept runs are too few to show how runs scatter", async () => {
		const few = await planStudy(
			studyWith({ sizes: sizes.slice(0, 4), steps: [2000], seeds: [1], learningRates: [0.01] }),
			corpora,
		);
		const aside = heldOutRuns(few, "largest");
		const results = lawRuns(few, { noise: 0.003 }).filter(({ id }) => !aside.includes(id));
		const { laws } = await sealForecast(few, "largest", results, options);
		const applied = laws.filter(({ reason }) => reason === null);
		expect(applied.length).toBeGreaterThan(0);
		expect(applied.map(({ best }) => best!.low)).toEqual(applied.map(() => null));
		expect(applied.every(({ best }) => best!.loss > 0)).toBe(true);
	});

	test("is refused too early, and once a held-out result is known", async () => {
		await expect(sealForecast(plan, "largest", kept.slice(1), options)).rejects.toThrow(
			'the forecast of "test" needs its 20 kept runs; 19 are finished',
		);
		const seen = sealForecast(plan, "largest", [...kept, all.find(({ id }) => id === heldOut[0])!], options);
		await expect(seen).rejects.toThrow(
			'1 of the 4 runs that "test" would set aside has its result already; a forecast is sealed before any of them has trained',
		);
		await expect(seen).rejects.toBeInstanceOf(ForecastError);
	});

	test("that was changed is refused with the field", () => {
		const change = (changes: object) => () => parseForecast(JSON.stringify({ ...forecast, ...changes }));
		expect(change({ sealedAt: "yesterday" })).toThrow('the forecast\'s field "sealedAt" is not as it was sealed');
		expect(change({ targets: [] })).toThrow("targets do not cover the runs that are set aside");
		expect(() => parseForecast("{")).toThrow("the forecast is not valid JSON");
	});
});

describe("its judgement", () => {
	test("is of every run at the best rate, and of the best model", async () => {
		const judgement = await judgeForecast(forecast, all);
		const judged = judgement.runs.filter(({ reason }) => reason === null);
		const specOf = (id: string) => all.find((run) => run.id === id)!.spec;
		expect(judged.map(({ run }) => specOf(run).optimizer.learningRate)).toEqual([0.01, 0.01]);
		expect(judgement.runs.filter(({ reason }) => reason !== null).map(({ reason }) => reason)).toEqual([
			expect.stringContaining("learning rate 0.01 gave this size a lower loss at the end"),
			expect.stringContaining("learning rate 0.01 gave this size a lower loss at the end"),
		]);
		const { runs, best } = judgement.laws.find(({ law }) => law === "method3")!;
		for (const [i, verdict] of runs.entries()) {
			if (!verdict) continue;
			const { came, loss, low, high, inside, error, percent } = verdict;
			expect(came).toBe(judgement.runs[i]!.came);
			expect(error).toBeCloseTo(loss - came, 12);
			expect(percent).toBeCloseTo((100 * (loss - came)) / came, 12);
			expect(inside).toBe(low! <= came && came <= high!);
		}
		expect(runs.filter((each) => each?.inside)).toHaveLength(2);
		expect(judgement.best).toBe(judged.reduce((p, q) => (q.came! < p.came! ? q : p)).run);
		expect(best!.came).toBe(Math.min(...judged.map(({ came }) => came!)));
		expect(judgement.kept).toHaveLength(10);
		expect(verdictSentence(forecast, judgement)).toMatch(
			/^Closest over 2 runs is (Method 3|Rosenfeld): 2 of 2 inside, off by 0\.\d\d % on average\.$/,
		);
	});

	test("a prediction that misses says so", async () => {
		const worse = all.map((run) =>
			heldOut.includes(run.id)
				? { ...run, curve: { ...run.curve, loss: run.curve.loss.map((loss) => 1.2 * loss) } }
				: run,
		);
		const { laws } = await judgeForecast(forecast, worse);
		const method3 = laws.find(({ law }) => law === "method3")!;
		const judged = method3.runs.filter((run) => run !== null);
		expect(judged.map(({ inside }) => inside)).toEqual([false, false]);
		expect(judged.every(({ percent }) => percent < -10)).toBe(true);
		expect(method3.best!.inside).toBe(false);
	});

	test("goes as far as the runs have come", async () => {
		const none = await judgeForecast(forecast, kept);
		expect([none.waiting, none.best]).toEqual([4, null]);
		expect(verdictSentence(forecast, none)).toBe("None of the 4 runs set aside has finished yet.");
		const one = all.find(({ id, spec }) => heldOut.includes(id) && spec.optimizer.learningRate === 0.01)!;
		const some = await judgeForecast(forecast, [...kept, one]);
		expect([some.waiting, some.best, some.laws[0]!.best]).toEqual([3, one.id, null]);
		expect(verdictSentence(forecast, some)).toContain("3 runs not finished yet.");
		const lost = await judgeForecast(
			forecast,
			withDiverged(all, ({ id }) => heldOut.includes(id)),
		);
		expect(verdictSentence(forecast, lost)).toBe("No run that was set aside gave a loss to judge.");
		expect(lost.runs[0]!.reason).toContain("it diverged");
	});

	test("is refused with results that the forecast was not made from", async () => {
		const changed = all.map((run, i) =>
			i === 0 ? { ...run, curve: { ...run.curve, loss: run.curve.loss.map((x) => x + 1e-9) } } : run,
		);
		await expect(judgeForecast(forecast, changed)).rejects.toThrow(
			/made from results with SHA-256 .*belongs to other results/,
		);
		await expect(judgeForecast(forecast, all.slice(1))).rejects.toThrow(
			'the forecast of "test" was made from 20 runs; 19 of them are among those given',
		);
	});
});
