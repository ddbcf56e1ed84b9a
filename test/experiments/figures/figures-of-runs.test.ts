import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fitStudy } from "../../../src/analysis/fit-study.ts";
import { estimatesOf } from "../../../src/analysis/fitting/fit.ts";
import { lossLawOf } from "../../../src/analysis/parametric-laws/method3.ts";
import { COUNTINGS } from "../../../src/architecture/counting.ts";
import { contoursFigure } from "../../../src/experiments/figures/contours-figure.ts";
import { countingsFigure } from "../../../src/experiments/figures/countings-figure.ts";
import { frontierByMethodFigure } from "../../../src/experiments/figures/frontier-by-method-figure.ts";
import { frontierLossFigure } from "../../../src/experiments/figures/frontier-loss-figure.ts";
import { ratesFigure } from "../../../src/experiments/figures/rates-figure.ts";
import { residualsFigure } from "../../../src/experiments/figures/residuals-figure.ts";
import type { DotsMark, Figure, LineMark } from "../../../src/figures/figure.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { readRunLines } from "../../../src/run/run-lines.ts";
import { fitsOfRuns } from "../../../src/study/fits-of-runs.ts";
import { lossAt } from "../../../src/theory/loss-law.ts";

// What was trained for docs/findings, read by every method in every way of counting.
const { results } = readRunLines(gunzipSync(readFileSync("docs/findings/reconcile-seeds-4-6.jsonl.gz")).toString());
const fits = Object.fromEntries(COUNTINGS.map((counting) => [counting, fitsOfRuns(results, counting, 20)]));
const { total, exact } = fits;
const none = { ...total!.analysis.method1!.allocation, estimate: null, reason: "none" };

const lines = ({ marks }: Figure) => marks.filter((mark): mark is LineMark => mark.kind === "line");
const dots = ({ marks }: Figure) => marks.filter((mark): mark is DotsMark => mark.kind === "dots");

test("the same runs have another exponent in each way of counting, and Method 1's agree with the study's own", () => {
	const { conventions } = fitStudy(results, { resamples: 0 });
	const slope = (counting: string) => fits[counting]!.analysis.method1!.allocation.estimate!;
	expect(slope("total")).toBeCloseTo(conventions.total.allocation.estimate!, 3);
	expect(slope("nonembedding")).toBeCloseTo(conventions.nonEmbedding.allocation.estimate!, 3);
	expect(slope("nonembedding") - slope("total")).toBeGreaterThan(0.2);
	// The head's matrix is as large as the embedding's.
	expect(Math.abs(slope("nonembedding+head") - slope("total"))).toBeLessThan(0.02);
	expect(exact!.points[0]!.flops).not.toBe(total!.points[0]!.flops);
});

describe("the waterfall of counting", () => {
	const allocations = Object.fromEntries(COUNTINGS.map((each) => [each, fits[each]!.analysis.method1!.allocation]));

	test("has a step for each way of counting, with what it is", () => {
		const figure = countingsFigure(allocations);
		expect(dots(figure)[0]!.points.map(([, y]) => y)).toEqual(COUNTINGS.map((each) => allocations[each]!.estimate));
		expect(figure.x.categories).toEqual(["Without embeddings", "With the head", "All parameters", "Exact FLOP"]);
		expect(figure.summary).toMatch(/Without embeddings \(N_\\E\): 0\.7.*All parameters \(N_T\): 0\.(49|50)/);
	});

	test("leaves out what is not known, and is empty without anything", () => {
		const figure = countingsFigure({ total: allocations.total!, exact: none });
		expect(dots(figure)[0]!.points).toEqual([[2, allocations.total!.estimate]]);
		expect(countingsFigure({}).marks).toEqual([]);
	});
});

test("best tokens have the slope b of each method, through its optima", () => {
	const figure = frontierByMethodFigure(total!.readings, total!.points, null, "tokens");
	const [reading] = total!.readings;
	const [law] = lines(figure).filter(({ series }) => series!.includes(reading!.title));
	const [[fromC, fromD], [toC, toD]] = [law!.points[0]!, law!.points.at(-1)!];
	expect(Math.log(toD / fromD) / Math.log(toC / fromC)).toBeCloseTo(reading!.tokens!.estimate!, 6);
	const optima = dots(figure).find(({ series }) => series!.includes(reading!.title))!;
	expect(optima.points.map(([, D]) => D)).toEqual(total!.analysis.method1!.tokens.points.map(({ y }) => y));
	expect(plainText(figure.y.label)).toBe("Best number of tokens D* (tokens)");
});

test("the lowest loss has its points and both laws, each through them", () => {
	const laws = total!.analysis.method1!;
	const figure = frontierLossFigure(laws);
	const { points } = laws.lossNoOffset;
	expect(dots(figure)[0]!.points).toEqual(points.map(({ x, y }) => [x, y]));
	expect(lines(figure)).toHaveLength(2);
	const last = points.at(-1)!;
	for (const line of lines(figure)) {
		const at = line.points.filter(([C]) => C <= last.x).at(-1)!;
		expect(at[1] / last.y).toBeCloseTo(1, 1);
	}
	expect(frontierLossFigure({ lossNoOffset: none, lossWithOffset: none }).marks).toHaveLength(1);
	expect(frontierLossFigure(null).marks).toEqual([]);
});

test("along a contour the loss is the same, and the frontier passes it where it is cheapest", () => {
	const law = lossLawOf(estimatesOf(total!.analysis.method3!));
	const figure = contoursFigure(law, total!.points);
	const contours = lines(figure).filter(({ color }) => color !== "ink");
	expect(contours.length).toBeGreaterThan(4);
	for (const { points } of contours) {
		const losses = points.map(([C, N]) => lossAt(law, N, C / (6 * N)));
		for (const loss of losses) expect(loss).toBeCloseTo(losses[0]!, 9);
	}
	expect(dots(figure)[0]!.points).toHaveLength(total!.points.length);
	expect(contoursFigure(null, total!.points).marks).toEqual([]);
	expect(contoursFigure(law, []).marks).toEqual([]);
});

test("residuals are those of each law of N and D at its points", () => {
	const figure = residualsFigure(total!.readings);
	expect(figure.legend.map(({ series }) => series)).toEqual(["Method 3", "Kaplan", "Rosenfeld"]);
	const law = lossLawOf(estimatesOf(total!.analysis.method3!));
	const { x: N, y: measured, tokens } = total!.analysis.method3!.points[5]!;
	expect(dots(figure)[0]!.points[5]![1]).toBeCloseTo(lossAt(law, N, tokens!) / measured - 1, 9);
	expect(residualsFigure([]).marks).toEqual([]);
});

test("each size has its losses by learning rate, with the lowest marked", () => {
	const { chosen } = fitStudy(results, { resamples: 0 });
	const figure = ratesFigure(chosen);
	expect(lines(figure)).toHaveLength(4);
	const marked = dots(figure).filter(({ shape }) => shape === "diamond");
	for (const [i, { points }] of lines(figure).entries()) {
		expect(points.map(([rate]) => rate)).toEqual([0.0015, 0.003, 0.006]);
		expect(marked[i]!.points[0]![1]).toBe(Math.min(...points.map(([, loss]) => loss)));
	}
	expect(ratesFigure([]).marks).toEqual([]);
});
