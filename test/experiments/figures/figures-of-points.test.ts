import { beforeAll, describe, expect, test } from "vitest";
import type { SyntheticStudy } from "../../../src/analysis/points/synthetic-points.ts";
import { exponentRows, METHOD_TITLES, trueExponents } from "../../../src/analysis/reports/exponent-rows.ts";
import { fitNotes } from "../../../src/analysis/reports/fit-notes.ts";
import { lawRows, predictionRows } from "../../../src/analysis/reports/law-rows.ts";
import { frontierByMethodFigure, sizeLaw } from "../../../src/experiments/figures/frontier-by-method-figure.ts";
import { measuredLossesFigure } from "../../../src/experiments/figures/measured-losses-figure.ts";
import { valleysFigure } from "../../../src/experiments/figures/valleys-figure.ts";
import type { DotsMark, Figure, LineMark, Mark } from "../../../src/figures/figure.ts";
import { bestAllocation } from "../../../src/theory/loss-law.ts";
import { EPOCH } from "../../../src/theory/specifications.ts";
import { replay } from "../../../src/worker/replay.ts";
import type { ReplayFit } from "../../../src/worker/replay-protocol.ts";

const { law } = EPOCH;
const budgets: SyntheticStudy = {
	...{ law, noise: 0, pointNoise: 0, seed: 1 },
	design: { kind: "isoflop", budgets: { from: 1e18, to: 1e21, count: 4 }, sizes: 9, spread: 3 },
};
const curves: SyntheticStudy = {
	...budgets,
	design: {
		kind: "curves",
		parameters: { from: 3e7, to: 3e9, count: 6 },
		tokens: { from: 5e8, to: 2e11, count: 16 },
	},
};
async function fitted(study: SyntheticStudy): Promise<ReplayFit> {
	const request = { source: { kind: "synthetic", study }, mapping: {}, experiment: null, conventions: {} } as const;
	const answer = await replay({ ...request, resamples: 40, holdOut: null }, () => {});
	if (answer.kind === "refused") throw new Error(answer.message);
	return answer;
}
let flat: ReplayFit;
let curved: ReplayFit;
beforeAll(async () => {
	[flat, curved] = [await fitted({ ...budgets, noise: 0.002 }), await fitted(curves)];
});

const lines = ({ marks }: Figure) => marks.filter((mark): mark is LineMark => mark.kind === "line");
const dots = ({ marks }: Figure) => marks.filter((mark): mark is DotsMark => mark.kind === "dots");
const of = (marks: readonly Mark[], series: string) => marks.filter((mark) => mark.series?.includes(series));

describe("the frontier by method", () => {
	test("has a line for every method that gives a size, through its optima, and the truth's beside them", () => {
		const figure = frontierByMethodFigure(flat.readings, [{ flops: 1e18 }, { flops: 1e21 }], law);
		const named = figure.legend.map(({ series }) => series);
		expect(named).toContain("Method 2, parabola");
		expect(named).toContain("Method 3");
		expect(named).not.toContain("Data-constrained");
		expect(named.at(-1)).toBe("truth");
		const [truth] = of(lines(figure), "truth") as LineMark[];
		for (const [C, N] of truth!.points) expect(N).toBeCloseTo(bestAllocation(law, C).parameters, -3);
		for (const name of ["Method 2, parabola", "Method 3"]) {
			const [line] = of(lines(figure), name) as LineMark[];
			for (const [i, [, N]] of line!.points.entries()) expect(N / truth!.points[i]![1]).toBeCloseTo(1, 0);
		}
		const [minima] = of(dots(figure), "Method 2, parabola") as DotsMark[];
		expect(minima!.points).toHaveLength(4);
		expect(figure.table.rows.filter(([name]) => JSON.stringify(name).includes("parabola"))).toHaveLength(4);
		expect(figure.summary).toMatch(/Method 3: slope 0\.5/);
	});

	test("a law of N and D has the slope of its exponent through its own optimum", () => {
		const method3 = flat.readings.find(({ title }) => title === "Method 3")!;
		const size = sizeLaw(method3)!;
		const [at] = method3.predictions;
		expect(size(at!.flops)).toBeCloseTo(at!.parameters.estimate, 0);
		expect(Math.log(size(1e20) / size(1e18)) / Math.log(100)).toBeCloseTo(method3.allocation.estimate!, 9);
		const none = { ...method3.allocation, estimate: null, reason: "none" };
		expect(sizeLaw({ ...method3, allocation: none, law: none, predictions: [] })).toBeNull();
	});

	test("the many points of an envelope are stairs, those of other methods dots", () => {
		const figure = frontierByMethodFigure(curved.readings, curved.points);
		const marks = (name: string) => of(figure.marks, name).map(({ kind }) => kind);
		expect(marks("Method 1, whole envelope")).toEqual(["line", "line"]);
		expect(marks("Method 1, crossings")).toEqual(["line", "dots"]);
	});

	test("says that there is nothing to draw, without the truth alone", () => {
		const { marks, legend, empty } = frontierByMethodFigure([], [], law);
		expect([marks, legend, empty]).toEqual([[], [], "No method has found a best model size yet."]);
	});
});

test("valleys have the parabola of each budget and its minimum, or why there is none", () => {
	const { valleys } = flat.analysis.method2!;
	const figure = valleysFigure(flat.slices, valleys);
	expect(figure.summary).toBe("Loss against model size: 4 of 4 budgets have a minimum between the sizes.");
	expect(figure.table.rows.map((row) => row[2])).toEqual(valleys.map(({ parameters }) => parameters));
	const none = valleysFigure(flat.slices, [
		{ ...valleys[0]!, parameters: null, loss: null, reason: "it is the largest" },
	]);
	expect(none.table.rows[0]!.at(-1)).toEqual([{ text: "it is the largest", style: "normal" }]);
	expect(valleysFigure([], []).marks).toEqual([]);
});

test("losses are dots, or lines where runs have several points, and the true frontier lies below them", () => {
	const single = measuredLossesFigure(flat.points, law);
	expect(dots(single).reduce((sum, { points }) => sum + points.length, 0)).toBe(36);
	expect(lines(single)).toHaveLength(1);
	const joined = measuredLossesFigure(curved.points);
	expect([dots(joined).length, lines(joined).length]).toEqual([0, 6]);
	expect(lines(joined).map(({ points }) => points.length)).toEqual(Array(6).fill(16));
	const [truth] = of(lines(measuredLossesFigure(curved.points, law)), "truth") as LineMark[];
	const lowest = (C: number) => truth!.points.filter(([at]) => at <= C * 1.0001).at(-1)![1];
	for (const { flops, loss } of curved.points) expect(loss).toBeLessThan(lowest(flops) * 2);
	for (const { flops, loss } of curved.points)
		expect(loss).toBeGreaterThan(truth!.points.find(([at]) => at >= flops * 0.9999)![1]);
	expect(measuredLossesFigure([], law).marks).toEqual([]);
});

describe("tables", () => {
	test("every method has its row, and the truth stands beside every exponent that has one", () => {
		const rows = exponentRows(flat.readings, law);
		// The rows do not say how many tokens are distinct, which the data-constrained law needs.
		expect(rows.map(({ title }) => title)).toEqual(METHOD_TITLES);
		const { allocation: a, tokens: b } = trueExponents(law);
		expect(a! + b!).toBeCloseTo(1, 12);
		const row = rows.find(({ title }) => title === "Method 2, parabola")!;
		expect(row.cells.allocation!.truth).toBe(a);
		const near = { ...law, alpha: law.beta * (1 / row.cells.allocation!.estimate! - 1) };
		const again = exponentRows(flat.readings, near).find(({ title }) => title === "Method 2, parabola")!;
		expect(again.cells.allocation!.holds).toBe(true);
		expect(row.cells.lossNoOffset).toMatchObject({ truth: null, holds: null });
		const wrong = exponentRows(flat.readings, { ...law, alpha: 0.7 });
		expect(wrong.find(({ title }) => title === "Method 2, parabola")!.cells.allocation!.holds).toBe(false);
		expect(exponentRows(flat.readings).find(({ title }) => title === "Method 3")!.cells.allocation!.truth).toBeNull();
		expect(rows.at(-1)).toMatchObject({ title: "Rosenfeld", cells: { tokens: null } });
		expect(rows[0]).toMatchObject({ title: "Method 1, crossings", reason: expect.stringMatching(/./) });
	});

	test("a headline that is no exponent of size is not shown as one", () => {
		const method3 = flat.readings.find(({ title }) => title === "Method 3")!;
		const other = { ...method3.law!, estimate: 15.4, parameters: { "R_D*": { estimate: 15.4, low: 10, high: 20 } } };
		const [row] = exponentRows([{ ...method3, allocation: other, law: other }], law);
		expect(row!.cells.allocation).toBeNull();
		const rosenfeld = exponentRows(flat.readings).find(({ title }) => title === "Rosenfeld")!;
		expect(rosenfeld.cells.allocation!.estimate).toBeCloseTo(trueExponents(law).allocation!, 1);
	});

	test("the constants of Method 3 and every prediction have the truth beside them", () => {
		const rows = lawRows(flat.readings, law);
		expect(rows.map(({ title }) => title)).toEqual(["Method 3", "Kaplan", "Rosenfeld"]);
		expect(Object.fromEntries(rows[0]!.parameters.map(({ name, truth }) => [name, truth]))).toMatchObject({
			...{ E: law.E, A: law.A, B: law.B, α: law.alpha, β: law.beta },
			a: trueExponents(law).allocation,
		});
		expect(rows[2]!.parameters.map(({ truth }) => truth)).toEqual(rows[2]!.parameters.map(() => null));
		const prediction = predictionRows(flat.readings, law).find(({ title }) => title === "Method 3")!;
		expect(prediction.flops).toBeCloseTo(1e22, -20);
		expect(prediction.values.map(({ name }) => name)).toEqual(["parameters", "tokens", "loss"]);
		for (const { estimate, truth } of prediction.values) expect(estimate / truth!).toBeCloseTo(1, 0);
	});

	test("notes are said once, each under its method", () => {
		const notes = fitNotes(["first"], flat.readings);
		expect(notes[0]).toBe("first");
		expect(new Set(notes).size).toBe(notes.length);
		expect(notes).toContain("Method 1: no run has a usable loss curve yet");
	});
});
