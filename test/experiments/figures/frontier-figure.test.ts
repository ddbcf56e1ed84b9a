import { describe, expect, it } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { CONVENTIONS } from "../../../src/experiments/figures/conventions.ts";
import { frontierFigure } from "../../../src/experiments/figures/frontier-figure.ts";
import type { BandMark, DotsMark, LineMark, NoteMark } from "../../../src/figures/figure.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { analysis } from "../../ui/charts/five-sizes.ts";

const figure = frontierFigure(analysis);
const marks = <Kind>(kind: string) => figure.marks.filter((mark) => mark.kind === kind) as Kind[];
const CONVENTION_NAMES = ["total", "nonEmbedding"] as const;

const slopeBetween = ([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]) =>
	Math.log(toY / y) / Math.log(toX / x);

describe("the chart of best sizes", () => {
	it("draws each fit through its points with its reference, and says so", () => {
		const notes = marks<NoteMark>("note").map((note) => plainText(note.text));
		const dots = marks<DotsMark>("dots").flatMap((mark) => mark.points);
		for (const convention of CONVENTION_NAMES) {
			const { allocation } = analysis.conventions[convention];
			expect(allocation.estimate).not.toBeNull();
			expect(notes).toContain(`slope ${allocation.estimate!.toFixed(2)}`);
			for (const { x, y } of allocation.points) expect(dots).toContainEqual([x, y]);
		}
		expect(notes).toContain("Chinchilla 0.50");
		expect(notes).toContain("Kaplan 0.73");
		const laws = marks<LineMark>("line").filter((line) => line.stretch === false);
		const slopes = laws.map(({ points }) => slopeBetween(points[0]!, points.at(-1)!));
		const expected = [0.5, 0.73, ...Object.values(analysis.conventions).map((fits) => fits.allocation.estimate!)];
		expect(laws).toHaveLength(4);
		for (const slope of expected) expect(slopes.some((found) => Math.abs(found - slope) < 1e-9)).toBe(true);
		expect(figure.summary).toMatch(/All parameters: \d points on a line of slope .* Chinchilla has 0\.50/);
	});

	it("draws laws as power laws, which are straight on logarithmic axes and bend on linear ones", () => {
		for (const { points } of marks<LineMark>("line").filter((line) => line.stretch === false)) {
			const slope = slopeBetween(points[0]!, points.at(-1)!);
			expect(points.length).toBeGreaterThan(30);
			for (const [i, point] of points.slice(1).entries()) expect(slopeBetween(points[i]!, point)).toBeCloseTo(slope, 9);
		}
	});

	it("shows the interval of each slope as a band that is nothing wide at the center", () => {
		const bands = marks<BandMark>("band");
		expect(bands).toHaveLength(2);
		for (const { x, low, high, color } of bands) {
			const { allocation } = analysis.conventions[color as (typeof CONVENTION_NAMES)[number]];
			const widths = x.map((_, i) => high[i]! / low[i]!);
			expect(Math.min(...widths)).toBeCloseTo(1, 12);
			for (const width of widths) expect(width).toBeGreaterThanOrEqual(1);
			const center = widths.indexOf(Math.min(...widths));
			expect(slopeBetween([x[center]!, high[center]!], [x.at(-1)!, high.at(-1)!])).toBeCloseTo(allocation.high!, 9);
			expect(slopeBetween([x[center]!, low[center]!], [x.at(-1)!, low.at(-1)!])).toBeCloseTo(allocation.low!, 9);
		}
	});

	it("knows which runs each dot and each step of the stairs rest on", () => {
		for (const { color, pointRuns } of marks<DotsMark>("dots")) {
			const { allocation } = analysis.conventions[color as (typeof CONVENTION_NAMES)[number]];
			expect(pointRuns).toEqual(allocation.points.map((point) => point.runs));
		}
		const stairs = marks<LineMark>("line").filter((line) => line.stretch !== false);
		for (const { points, pointRuns } of stairs) expect(pointRuns).toHaveLength(points.length);
	});

	it("takes the published slopes from where the page has them", () => {
		const expected = CONVENTION_NAMES.map((name) => CONVENTIONS[name].reference.toFixed(2)).join(" and ");
		expect(figure.legend.map((item) => plainText(item.text))).toContain(`published slopes ${expected}`);
	});

	it("has every fitted point in its table, with the tokens that its compute allows", () => {
		const all = CONVENTION_NAMES.flatMap((name) => analysis.conventions[name].allocation.points);
		expect(figure.table.rows.map(([, flops, parameters]) => [flops, parameters])).toEqual(
			all.map(({ x, y }) => [x, y]),
		);
		for (const [, flops, parameters, tokens] of figure.table.rows as [unknown, number, number, number][])
			expect(6 * parameters * tokens).toBeCloseTo(flops, -3);
	});

	it("is empty before the first point, and says that", () => {
		expect(frontierFigure(null, "Press Run.").marks).toEqual([]);
		expect(frontierFigure(null, "Press Run.").empty).toBe("Press Run.");
		expect(frontierFigure(analyzeStudy([])).marks).toEqual([]);
		expect(frontierFigure(null).summary).toMatch(/no points yet/);
	});
});
