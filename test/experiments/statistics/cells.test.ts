import { expect, test } from "vitest";
import { ANSWER_OPTIONS } from "../../../src/experiments/answer.ts";
import { cellsOf, cellsTried, drawMeans, intervalOf, seedScatter } from "../../../src/experiments/statistics/cells.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

const plan = await planOfPreset("shape");
const law = (loss: number, spread: number) => (width: number) => loss + spread * Math.log(width);

test("cells group runs by everything but the seed, and leave out runs without a value", () => {
	const results = resultsOf(plan, ({ model }) => law(4, 0.1)(model.width));
	const cells = cellsOf(results, (run) => (run.spec.seed === 2 ? null : run.validationLoss));
	expect(cells.length).toBe(4 * 3);
	for (const { runs, values, mean } of cells) {
		expect(runs.map(({ spec }) => spec.seed)).toEqual([1, 3]);
		expect(mean).toBeCloseTo(values[0]!, 12);
	}
});

test("the scatter between seeds is that of the noise, and repeats give its degrees of freedom", () => {
	const results = resultsOf(plan, () => 4, 0.01);
	const { deviation, freedom } = seedScatter(cellsOf(results, ({ validationLoss }) => validationLoss));
	expect(freedom).toBe(12 * 2);
	expect(deviation).toBeGreaterThan(0.006);
	expect(deviation).toBeLessThan(0.014);
});

test("without a repeated seed there is no interval", () => {
	const results = resultsOf(plan, () => 4, 0.01).filter(({ spec }) => spec.seed === 1);
	const cells = cellsOf(results, ({ validationLoss }) => validationLoss);
	const draws = drawMeans(cells, ANSWER_OPTIONS);
	expect(draws).toEqual([]);
	expect(intervalOf(cells, draws, (means) => means[0]!, 0.9)).toEqual({
		estimate: cells[0]!.mean,
		low: null,
		high: null,
	});
});

test("the 90 % interval of a difference holds it in about nine of ten studies", () => {
	let inside = 0;
	const studies = 300;
	for (let study = 0; study < studies; study++) {
		const results = resultsOf(plan, ({ model }) => (model.width === 32 ? 4.1 : 4), 0.01, study);
		const cells = cellsOf(results, ({ validationLoss }) => validationLoss);
		const wide = cells.findIndex(({ runs }) => runs[0]!.spec.model.width === 32);
		const other = cells.findIndex(({ runs }) => runs[0]!.spec.model.width === 16);
		const draws = drawMeans(cells, { ...ANSWER_OPTIONS, resamples: 300 });
		const { low, high } = intervalOf(cells, draws, (means) => means[wide]! - means[other]!, 0.9)!;
		if (low! <= 0.1 && high! >= 0.1) inside++;
	}
	expect(inside / studies).toBeGreaterThan(0.85);
	expect(inside / studies).toBeLessThan(0.95);
});

test("draws may take their scatter from other cells", () => {
	const results = resultsOf(plan, () => 4, 0.01);
	const cells = cellsOf(results, ({ validationLoss }) => validationLoss);
	const few = cells.slice(0, 1);
	expect(drawMeans(few, ANSWER_OPTIONS)).not.toEqual(drawMeans(few, ANSWER_OPTIONS, cells));
	const spread = (draws: number[][]) => Math.max(...draws.map(([mean]) => Math.abs(Math.log(mean! / few[0]!.mean))));
	// With 2 degrees of freedom, a few of 1,000 draws lie far out; with 24, none does.
	expect(spread(drawMeans(few, ANSWER_OPTIONS, cells))).toBeLessThan(0.05);
	const single = few.map((cell) => ({ ...cell, values: cell.values.slice(0, 1) }));
	expect(drawMeans(single, ANSWER_OPTIONS)).toEqual([]);
	expect(drawMeans(single, ANSWER_OPTIONS, cells).length).toBe(1000);
});

test("what was tried includes diverged runs", () => {
	const results = resultsOf(plan, () => 4).map((run) => ({ ...run, validationLoss: null }));
	expect(cellsTried(results).length).toBe(12);
});
