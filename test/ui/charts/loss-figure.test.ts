import { describe, expect, it } from "vitest";
import { modelFlopsPerToken } from "../../../src/architecture/flops.ts";
import type { BandMark, LineMark } from "../../../src/figures/figure.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { figureRanges } from "../../../src/figures/scales.ts";
import { finalTrainingLoss } from "../../../src/run/final-loss.ts";
import type { LossAxis } from "../../../src/ui/charts/loss-axes.ts";
import { lossFigure } from "../../../src/ui/charts/loss-figure.ts";
import { type RunView, withSeconds } from "../../../src/ui/state/run-view.ts";
import { analysis, runs } from "./five-sizes.ts";

const { envelope } = analysis.conventions.nonEmbedding;
const linesOf = (axis: LossAxis, of = runs) => lossFigure(of, { analysis, axis }).marks as LineMark[];

describe("the chart of losses", () => {
	it("has a line per run inside its axes, and the envelope on top", () => {
		const figure = lossFigure(runs, { analysis, axis: "nonembedding", envelope });
		const lines = figure.marks as LineMark[];
		const { x: xRange, y: yRange } = figureRanges(figure, { x: "log", y: "log" })!;
		expect(lines).toHaveLength(10 + 1);
		const points = lines.flatMap((line) => line.points);
		for (const [coordinate, { min, max }] of [xRange, yRange].entries()) {
			const values = points.map((point) => point[coordinate]!).sort((a, b) => a - b);
			expect(values[0]).toBeGreaterThan(min);
			expect(values.at(-1)).toBeLessThan(max);
		}
		expect(lines.at(-1)!.points[0]![0]).toBe(envelope.flops[0]);
		expect(linesOf("tokens")).toHaveLength(10);
	});

	it("draws tokens, steps, and compute in the way of counting asked for", () => {
		const last = (axis: LossAxis) => linesOf(axis, runs.slice(0, 1))[0]!.points.at(-1)![0];
		const { model, batchSequences } = runs[0]!.spec;
		const { total, nonEmbedding } = runs[0]!.parameters;
		expect(last("tokens") / last("steps")).toBeCloseTo(batchSequences * model.context);
		expect(last("total") / last("tokens")).toBeCloseTo(6 * total);
		expect(last("nonembedding") / last("tokens")).toBeCloseTo(6 * nonEmbedding);
		expect(last("nonembedding+head") / last("tokens")).toBeCloseTo(6 * (nonEmbedding + model.vocabulary * model.width));
		expect(last("exact") / last("tokens")).toBeCloseTo(modelFlopsPerToken(model));
	});

	it("draws runs whose learning rate is nowhere the best thin and pale, below the others, and lets them be hidden", () => {
		const lines = linesOf("total").slice(0, 10);
		const best = new Set(analysis.chosen.flatMap((size) => size.runIds));
		for (const line of lines) {
			const beaten = !best.has(line.runs![0]!);
			expect([line.width, line.opacity, line.series!.includes("beaten")]).toEqual(
				beaten ? [1, 0.4, true] : [1.75, 1, false],
			);
		}
		expect(lines.map((line) => line.width)).toEqual([1, 1, 1, 1, 1.75, 1.75, 1.75, 1.75, 1.75, 1.75]);
	});

	it("says of each point which run it is from", () => {
		const { describe: say, points } = linesOf("tokens")[0]!;
		expect(say!(points[9]!)).toMatch(
			/^\d.* parameters, learning rate 0\.0\d+, seed 1: loss \d\.\d{3} at [\d,.]+ tokens$/,
		);
	});

	it("gives unchanged runs the same mark again, which is what is cheap to redraw", () => {
		const again = linesOf("total");
		for (const [i, line] of linesOf("total").slice(0, 10).entries()) expect(line).toBe(again[i]);
		expect(linesOf("tokens")[0]).not.toBe(again[0]);
	});

	it("lists each size in its legend and each run in its table", () => {
		const { legend, table, summary } = lossFigure(runs, { analysis, axis: "total" });
		expect(legend.filter((item) => item.series?.startsWith("size"))).toHaveLength(5);
		expect(table.rows).toHaveLength(10);
		expect(table.rows[0]![4]).toBe(finalTrainingLoss(runs[0]!.curve));
		expect(summary).toMatch(/^Training loss against compute with all parameters: 10 curves\. The lowest ends at \d/);
		expect(plainText(lossFigure(runs, { analysis: null, axis: "nonembedding" }).x.label)).toBe(
			"Compute without embeddings (C_\\E, FLOP)",
		);
	});

	it("is empty before the first point, and says why", () => {
		const figure = lossFigure([], { analysis: null, axis: "tokens", empty: "Press Run." });
		expect(figure.marks).toEqual([]);
		expect(figure.empty).toBe("Press Run.");
	});

	it("draws the mean over seeds in a band from the lowest to the highest, and lights up for each of them", () => {
		const [run] = runs as [RunView, ...RunView[]];
		const other: RunView = {
			...run,
			...{ id: "other", spec: { ...run.spec, seed: 2 } },
			curve: { tokens: run.curve.tokens.slice(0, 5), loss: run.curve.loss.slice(0, 5).map((loss) => loss + 0.2) },
		};
		const marks = lossFigure([run, other], { analysis: null, axis: "tokens", meanOfSeeds: true }).marks;
		expect(marks.map(({ kind }) => kind)).toEqual(["band", "line"]);
		const [band, line] = marks as [BandMark, LineMark];
		// Over what both have trained.
		expect(line.points.map(([x]) => x)).toEqual(run.curve.tokens.slice(0, 5));
		for (const [i, [, loss]] of line.points.entries()) expect(loss).toBeCloseTo(run.curve.loss[i]! + 0.1, 12);
		expect(band.low).toEqual(run.curve.loss.slice(0, 5));
		expect(band.high[4]! - band.low[4]!).toBeCloseTo(0.2, 12);
		expect(line.runs).toEqual([run.id, "other"]);
		expect(line.describe!(line.points[0]!)).toContain("mean of seeds 1, 2");
		const again = lossFigure([run, other], { analysis: null, axis: "tokens", meanOfSeeds: true }).marks;
		expect(again.every((mark, i) => mark === marks[i])).toBe(true);
		// Other learning rates are other lines.
		expect(lossFigure(runs, { analysis, axis: "tokens", meanOfSeeds: true }).marks).toHaveLength(20);
	});

	it("leaves out hidden runs, and keeps the colors of the others", () => {
		const all = linesOf("tokens");
		const smallest = runs.filter(({ parameters }) => parameters.total === runs[0]!.parameters.total);
		const hidden = new Set(smallest.map(({ id }) => id));
		const { marks, table } = lossFigure(runs, { analysis, axis: "tokens", hidden });
		expect(marks).toEqual(all.filter(({ runs }) => !hidden.has(runs![0]!)));
		expect(table.rows).toHaveLength(8);
	});

	it("draws seconds where they are known, and says why there are none elsewhere", () => {
		const timed = withSeconds(runs, { [runs[0]!.id]: 30 });
		const figure = lossFigure(timed, { analysis: null, axis: "seconds" });
		const [line, ...others] = figure.marks as LineMark[];
		expect(others).toEqual([]);
		expect(line!.runs).toEqual([runs[0]!.id]);
		expect(line!.points.at(-1)![0]).toBeCloseTo((30 * runs[0]!.curve.tokens.at(-1)!) / runs[0]!.result!.tokens, 9);
		expect(withSeconds(runs, { [runs[0]!.id]: 30 })[0]).toBe(timed[0]);
		const none = lossFigure(runs, { analysis: null, axis: "seconds" });
		expect(none.marks).toEqual([]);
		expect(none.empty).toMatch(/^How long these runs took is not known/);
	});
});
