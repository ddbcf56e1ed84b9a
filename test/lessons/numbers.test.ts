import { expect, test } from "vitest";
import { fitStudy } from "../../src/analysis/fit-study.ts";
import { parabolaBias } from "../../src/analysis/method2/parabola-bias.ts";
import { effectiveTokens } from "../../src/experiments/statistics/repetition.ts";
import type { Figure, Mark } from "../../src/figures/figure.ts";
import { gainOf } from "../../src/lessons/annealing.ts";
import { bestAt, lossAtCompute } from "../../src/lessons/envelope.ts";
import { forecastAt } from "../../src/lessons/forecast.ts";
import { lessonOf } from "../../src/lessons/lessons.ts";
import { tokensUntil } from "../../src/lessons/loss-curve.ts";
import { MEASURED } from "../../src/lessons/measured.ts";
import { slopeOf } from "../../src/lessons/power-laws.ts";
import { shown, worthOf } from "../../src/lessons/repeated-data.ts";
import { boxErrors, meanErrors, SIDES } from "../../src/lessons/sampling-errors.ts";
import { sampleValley } from "../../src/lessons/valley.ts";
import { extraLoss, lopsided, ratioOf } from "../../src/lessons/valleys.ts";
import { leastSquaresLine, mean } from "../../src/maths/least-squares.ts";
import { linspace } from "../../src/maths/search.ts";
import { bestAllocation, lossAt } from "../../src/theory/loss-law.ts";
import { CHINCHILLA, EPOCH } from "../../src/theory/specifications.ts";
import { runsIn } from "./make-measured.ts";

const marksOf = (figure: Figure, kind: Mark["kind"], series: string) =>
	figure.marks.filter((mark) => mark.kind === kind && mark.series?.includes(series));

function slopeOfLine(figure: Figure, series: string): number {
	const [line] = marksOf(figure, "line", series) as Extract<Mark, { kind: "line" }>[];
	const { points } = line!;
	return leastSquaresLine(
		points.map(([x]) => Math.log(x)),
		points.map(([, y]) => Math.log(y)),
	)!.slope;
}

test("a mean's error falls with slope −1/2, a landscape's with −1/4, whatever the seeds", () => {
	const seeds = [1, 2, 3, 4, 5, 6];
	expect(mean(seeds.map((seed) => slopeOf(meanErrors(seed))))).toBeCloseTo(-1 / 2, 1);
	const slopes = seeds.map((seed) => slopeOf(boxErrors(seed)));
	expect(mean(slopes)).toBeGreaterThan(-0.28);
	expect(mean(slopes)).toBeLessThan(-0.22);
	expect(meanErrors(3)).toEqual(meanErrors(3));
	expect(meanErrors(3).error).not.toEqual(meanErrors(4).error);
	expect(meanErrors(1).n).toEqual(SIDES.map((side) => side ** 4));
	const { figure } = lessonOf("power-laws").answer(-0.6, 0);
	expect(slopeOfLine(figure, "mean")).toBeCloseTo(-0.5, 10);
	expect(slopeOfLine(figure, "boxes")).toBeCloseTo(-0.25, 10);
	expect(slopeOfLine(figure, "guess")).toBeCloseTo(-0.6, 10);
});

test("the one model passes the losses of simpler predictors in their order", () => {
	const { unigram, bigram, vocabulary, samples, curve } = MEASURED.phases;
	expect(curve.y[0]!).toBeCloseTo(Math.log(vocabulary), 0);
	expect(tokensUntil(unigram)).toBeLessThan(tokensUntil(bigram));
	expect(tokensUntil(bigram)).toBeLessThan(curve.x.at(-1)!);
	expect(tokensUntil(0)).toBe(Number.POSITIVE_INFINITY);
	expect(samples.map(({ loss }) => loss)).toEqual([...samples].map(({ loss }) => loss).sort((a, b) => b - a));
	expect(samples.at(-1)!.loss).toBeLessThan(bigram);
	const { pins } = lessonOf("loss-curve").answer(null, 0);
	expect(pins!.map(({ text }) => text)).toEqual(samples.map(({ text }) => text));
});

test("each size of the envelope is best somewhere, the larger the later", () => {
	const { crossings } = MEASURED.counting[0]!.fits.total;
	const between = [
		crossings.x[0]! / 2,
		...crossings.x.slice(1).map((x, i) => Math.sqrt(x * crossings.x[i]!)),
		crossings.x.at(-1)! * 1.5,
	];
	expect(between.map((flops) => bestAt(flops).size)).toEqual([0, 1, 2, 3]);
	expect(lossAtCompute({ x: [1, 100], y: [4, 1] }, 10)).toBeCloseTo(2, 10);
	expect(lossAtCompute({ x: [1, 100], y: [4, 1] }, 101)).toBe(Number.POSITIVE_INFINITY);
	expect(lessonOf("envelope").answer(bestAt(8e10).size, 0).verdict).toContain("That is what you said.");
});

test.each([0, 1])("the exponents of both ways of counting are those of the fit, round %i", (round) => {
	const { conventions } = fitStudy(runsIn(`findings/reconcile-seeds-${["1-3", "4-6"][round]}`), { resamples: 0 });
	const { figure, verdict } = lessonOf("counting").answer(null, round);
	for (const convention of ["total", "nonEmbedding"] as const) {
		const { estimate, points } = conventions[convention].allocation;
		expect(slopeOfLine(figure, convention)).toBeCloseTo(estimate!, 3);
		const [dots] = marksOf(figure, "dots", convention) as Extract<Mark, { kind: "dots" }>[];
		for (const [i, [x, y]] of dots!.points.entries()) {
			expect(x / points[i]!.x).toBeCloseTo(1, 3);
			expect(y / points[i]!.y).toBeCloseTo(1, 3);
		}
		expect(verdict).toContain(estimate!.toFixed(3));
	}
});

test("the slope of sizes that the lesson on counting calls about 2", () => {
	const { total, nonEmbedding } = MEASURED.counting[0]!.sizes;
	const slope = leastSquaresLine(total.map(Math.log), nonEmbedding.map(Math.log))!.slope;
	expect(slope).toBeGreaterThan(1.8);
	expect(slope).toBeLessThan(2.3);
});

test("the parabola's error is that of the closed form, and the valley is flat", () => {
	const { alpha, beta } = CHINCHILLA.law;
	const u = linspace(Math.log(1 / 2), Math.log(128), 7);
	expect(Math.log(ratioOf(lopsided))).toBeCloseTo(parabolaBias(alpha, beta, u)!, 6);
	const best = bestAllocation(CHINCHILLA.law, 1e21);
	expect(lopsided.best.parameters).toBeCloseTo(best.parameters, -3);
	expect(extraLoss(2)).toBeCloseTo(
		lossAt(CHINCHILLA.law, 2 * best.parameters, best.tokens / 2) - lopsided.best.loss,
		10,
	);
	expect(extraLoss(2)).toBeLessThan(0.02);
	expect(() => sampleValley(CHINCHILLA.law, 1e21, [0.5, 2], 2)).toThrow(
		"2 sizes do not determine a parabola; it needs 3 that differ",
	);
});

test("annealing gains what the runs gained, paired by seed", () => {
	const runs = runsIn("lessons/annealing");
	const end = (kind: string, seed: number) =>
		runs.find(({ spec }) => spec.schedule.kind === kind && spec.seed === seed)!.validationLoss!;
	const gains = [1, 2, 3].map((seed) => end("constant", seed) - end("wsd", seed));
	const { mean: gain, low, high } = gainOf("wsd");
	expect(gain).toBeCloseTo(mean(gains), 3);
	expect(low).toBeGreaterThan(0.1);
	expect(high).toBeLessThan(0.4);
	const { tokens, schedules } = MEASURED.annealing;
	const before = tokens.filter((at) => at <= 0.8 * tokens.at(-1)! - 12_032).length;
	const of = (kind: string) =>
		schedules.find((schedule) => schedule.kind === kind)!.losses.map((seed) => seed.slice(0, before));
	expect(of("wsd")).toEqual(of("constant"));
});

test("repeated text is worth what the law fitted to the runs says", () => {
	const { decay: WORTH } = MEASURED.repetition;
	expect(WORTH).toBeCloseTo(9.89, 1);
	expect([0.3, 1].map((epochs) => worthOf(epochs))).toEqual([0.3, 1]);
	expect(worthOf(15)).toBeCloseTo(effectiveTokens(1, 15, WORTH), 10);
	expect(worthOf(1e6)).toBeCloseTo(1 + WORTH, 6);
	expect(shown({ x: [0.5, 1, 1.01, 2, 30], y: [1, 2, 3, 4, 5] })).toEqual({ x: [1.01, 2, 30], y: [3, 4, 5] });
});

test("the forecast is the line through the smaller budgets, and holds the result", () => {
	const known = MEASURED.forecast.slice(0, -1);
	const { slope, loss, low, high } = forecastAt(MEASURED.forecast.at(-1)!.flops);
	const line = leastSquaresLine(
		known.map(({ flops }) => Math.log(flops)),
		known.map(({ losses }) => mean(losses.map(Math.log))),
	)!;
	expect(slope).toBeCloseTo(line.slope, 10);
	expect(loss).toBeCloseTo(Math.exp(line.intercept + line.slope * Math.log(1.5e11)), 10);
	const result = mean(MEASURED.forecast.at(-1)!.losses);
	expect(result).toBeGreaterThan(low);
	expect(result).toBeLessThan(high);
	expect(high - low).toBeLessThan(0.3);
});

test("a model that serves much is best smaller, on more text, at the same loss", () => {
	const { flops, trainingOptimal, lifetimeOptimal, text, saved } = MEASURED.lifetime;
	expect(trainingOptimal / bestAllocation(EPOCH.law, flops).parameters).toBeCloseTo(1, 3);
	const tokens = bestAllocation(EPOCH.law, flops).tokens;
	const loss = lossAt(EPOCH.law, trainingOptimal, tokens);
	expect(lossAt(EPOCH.law, lifetimeOptimal, text * tokens)).toBeCloseTo(loss, 3);
	expect(lifetimeOptimal).toBeLessThan(0.5 * trainingOptimal);
	expect(saved).toBeGreaterThan(0.3);
	expect(lessonOf("forecast").more![0]!.url).toBe("#/plan?flops=1e%2B23&inferenceTokens=10000000000000");
});
