import { describe, expect, test } from "vitest";
import type { DotsMark, Figure, LineMark, Mark, NoteMark, RuleMark } from "../../../src/figures/figure.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { figureSvg } from "../../../src/figures/svg.ts";
import type { StudyOverlay } from "../../../src/theory/charts/overlay.ts";
import { THEORY_CHARTS } from "../../../src/theory/charts/theory-charts.ts";
import { PAPER_EMBEDDING } from "../../../src/theory/embedding.ts";
import { figures } from "../../../src/theory/figures.ts";
import { SPECIFICATIONS } from "../../../src/theory/specifications.ts";
import { expected } from "../../reference/expected.ts";

const overlay: StudyOverlay = {
	name: "mine",
	sizes: [
		{ total: 17_400, nonEmbedding: 888 },
		{ total: 116_928, nonEmbedding: 50_880 },
	],
	frontier: {
		total: { flops: [1e11, 1e12], parameters: [17_400, 116_928] },
		nonEmbedding: { flops: [1e10, 1e11], parameters: [888, 50_880] },
	},
	envelope: {
		total: { flops: [1e11, 1e12], loss: [6, 5] },
		nonEmbedding: { flops: [1e10, 1e11], loss: [6.5, 5.5] },
	},
};

const line = (figure: Figure, series: string) =>
	figure.marks.find((mark): mark is LineMark => mark.kind === "line" && mark.series?.[0] === series)!;
const notes = (figure: Figure) =>
	figure.marks.filter((mark): mark is NoteMark => mark.kind === "note").map(({ text }) => plainText(text));
const slopeOf = ({ points }: LineMark) => {
	const [[x, y], [toX, toY]] = [points[0]!, points.at(-1)!];
	return Math.log(toY / y) / Math.log(toX / x);
};
const ofStudy = (marks: readonly Mark[]) => marks.filter(({ series }) => series?.[0] === "study");

describe.each(SPECIFICATIONS)("the charts with $id's constants", ({ id, law }) => {
	const model = { total: 44e6, nonEmbedding: 27.6e6 };
	const numbers = figures(law, PAPER_EMBEDDING, [model]);
	const reference = expected.pearce_frontier[id];

	test("2: the curve above the line of equality, and the models", () => {
		const figure = THEORY_CHARTS.embedding(numbers, null);
		for (const [nonEmbedding, total] of line(figure, "fit").points) expect(total).toBeGreaterThan(nonEmbedding);
		for (const [nonEmbedding, total] of line(figure, "equal").points) expect(total).toBe(nonEmbedding);
		const dots = figure.marks.find((mark): mark is DotsMark => mark.kind === "dots")!;
		expect(dots.points).toEqual([[27.6e6, 44e6]]);
		expect(dots.describe!(0)).toContain("37 % are embeddings");
		const without = figures(law, PAPER_EMBEDDING, []);
		expect(THEORY_CHARTS.embedding(without, null).marks.map(({ kind }) => kind)).toEqual(["line", "line"]);
	});

	test("3: the frontier between its tangents, and g between its limits", () => {
		const { small, large } = numbers.figure3.limits;
		const frontier = THEORY_CHARTS.frontier(numbers);
		const tangents = frontier.marks.filter((mark): mark is LineMark => mark.series?.[0] === "limits");
		expect(tangents.map(slopeOf)[0]).toBeCloseTo(small, 9);
		expect(tangents.map(slopeOf)[1]).toBeCloseTo(large, 9);
		expect(tangents[0]!.points[0]![1]).toBeCloseTo(numbers.figure3.curve.nonEmbedding[0]!, 6);
		const exponent = THEORY_CHARTS.exponent(numbers);
		const rules = exponent.marks.filter((mark): mark is RuleMark => mark.kind === "rule");
		expect(rules.map(({ at }) => at)).toEqual([small, large]);
		expect(exponent.y.scale).toBe("linear");
		expect(exponent.summary).toContain(`at most ${expected.pearce_g_k[id].extrema.g_max.toFixed(3)}`);
		expect(notes(exponent)).toEqual([`${small.toFixed(3)}, smallest models`, `${large.toFixed(3)}, largest models`]);
	});

	test("4 and 7: twenty curves about the budgets, which do not stretch the axes, and their lower edge", () => {
		for (const [figure, { frontier }] of [
			[THEORY_CHARTS.curves(numbers, null), numbers.figure4],
			[THEORY_CHARTS.totalCurves(numbers, null), numbers.figure7],
		] as const) {
			const curves = figure.marks.filter((mark): mark is LineMark => mark.series?.[0] === "curves");
			expect(curves).toHaveLength(20);
			for (const { points, stretch, color } of curves) {
				expect(points.length).toBeGreaterThan(40);
				expect(points.length).toBeLessThan(191);
				expect(stretch).toBe(false);
				expect(color).toMatchObject({ of: 20 });
			}
			expect(line(figure, "frontier").points.map(([, loss]) => loss)).toEqual(frontier.loss);
			expect(figure.table.rows).toHaveLength(100);
		}
	});

	test("5 and 7: the stairs, and a line whose slope is the published exponent", () => {
		for (const [figure, slope] of [
			[THEORY_CHARTS.allocation(numbers, null), reference.nonemb_script.a],
			[THEORY_CHARTS.totalAllocation(numbers, null), reference.total_script.a],
		] as const) {
			expect(slopeOf(line(figure, "fit"))).toBeCloseTo(slope, 6);
			expect(notes(figure)).toEqual([`slope ${slope.toFixed(3)}`]);
			expect(figure.summary).toContain(`slope ${slope.toFixed(3)}`);
			expect(new Set(line(figure, "stairs").points.map(([, n]) => n)).size).toBeGreaterThan(10);
		}
		const figure = THEORY_CHARTS.allocation(numbers, null);
		expect(slopeOf(line(figure, "large"))).toBeCloseTo(numbers.figure3.limits.large, 2);
		expect(line(figure, "analytic").points).toHaveLength(100);
		expect(figure.legend.map(({ text }) => plainText(text))).toContain(
			`line of the largest models, slope ${numbers.figure5.largeModels.slope.toFixed(3)}`,
		);
	});

	test("6: the lowest loss, and Kaplan's line through it", () => {
		const figure = THEORY_CHARTS.loss(numbers, null);
		expect(slopeOf(line(figure, "fit"))).toBeCloseTo(reference.nonemb_script.k, 6);
		expect(notes(figure)).toEqual([`slope ${reference.nonemb_script.k.toFixed(3).replace("-", "−")}`]);
		expect(line(figure, "frontier").points).toHaveLength(100);
	});
});

const numbers = figures(SPECIFICATIONS[0]!.law, PAPER_EMBEDDING, []);

test("a study of one's own lies over figures 2, 4, 5, 6 and 7, by its name", () => {
	const points = Object.entries(THEORY_CHARTS).map(([name, chart]) => {
		const figure = chart(numbers, overlay);
		expect(figure.legend.some(({ text }) => plainText(text) === "your study “mine”")).toBe(
			ofStudy(figure.marks).length > 0,
		);
		return [name, ofStudy(figure.marks).flatMap((mark) => ("points" in mark ? mark.points : []))];
	});
	expect(Object.fromEntries(points)).toEqual({
		embedding: [
			[888, 17_400],
			[50_880, 116_928],
		],
		frontier: [],
		exponent: [],
		curves: [
			[1e10, 6.5],
			[1e11, 5.5],
		],
		allocation: [
			[1e10, 888],
			[1e11, 50_880],
		],
		loss: [
			[1e10, 6.5],
			[1e11, 5.5],
		],
		totalCurves: [
			[1e11, 6],
			[1e12, 5],
		],
		totalAllocation: [
			[1e11, 17_400],
			[1e12, 116_928],
		],
	});
});

test("without numbers each has its name, its axes and a sentence", () => {
	for (const chart of Object.values(THEORY_CHARTS)) {
		const [empty, full] = [chart(null, overlay), chart(numbers, overlay)];
		expect(empty).toMatchObject({ name: full.name, marks: [], empty: "No numbers for these constants." });
		expect(plainText(empty.x.label)).toBe(plainText(full.x.label));
		expect(empty.summary).toMatch(/^Nothing is drawn/);
	}
});

test("each has a name of its own, a legend for every series, and can be saved", () => {
	const all = Object.values(THEORY_CHARTS).map((chart) => chart(numbers, overlay));
	expect(new Set(all.map(({ name }) => name)).size).toBe(8);
	for (const figure of all) {
		const series = new Set(figure.marks.flatMap((mark) => mark.series ?? []));
		expect(new Set(figure.legend.map((item) => item.series))).toEqual(series);
		for (const mark of figure.marks)
			if (mark.kind === "line" && mark.describe) expect(mark.describe(mark.points[0]!)).toMatch(/\d/);
		expect(figureSvg(figure)).not.toMatch(/NaN|Infinity|undefined/);
	}
});
