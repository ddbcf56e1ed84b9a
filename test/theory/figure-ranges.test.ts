import { describe, expect, test } from "vitest";
import { tokensOf } from "../../src/architecture/flops.ts";
import { PAPER_EMBEDDING, totalParameters } from "../../src/theory/embedding.ts";
import {
	checkRanges,
	coveringModels,
	designWithin,
	embeddingRange,
	type FigureRanges,
	PAPER_RANGES,
} from "../../src/theory/figure-ranges.ts";
import { figures } from "../../src/theory/figures.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { PAPER_DESIGN, PAPER_DESIGN_TOTAL } from "../../src/theory/synthetic-study.ts";
import { expected } from "../reference/expected.ts";

const SMALL: FigureRanges = {
	sizes: { from: 3, to: 5 },
	flops: { nonEmbedding: { from: 9, to: 12 }, total: { from: 10.5, to: 13 } },
};
const COUNTS = ["nonEmbedding", "total"] as const;

describe("the study within ranges", () => {
	test("is the paper's within the paper's", () => {
		expect(designWithin(PAPER_RANGES, PAPER_EMBEDDING, "nonEmbedding")).toBe(PAPER_DESIGN);
		expect(designWithin({ ...PAPER_RANGES }, PAPER_EMBEDDING, "total")).toBe(PAPER_DESIGN_TOTAL);
	});

	test.each(COUNTS)("has losses wherever its budgets lead its models, in %s", (count) => {
		const { tokens, models, flops } = designWithin(SMALL, PAPER_EMBEDDING, count);
		expect(models).toEqual({ from: 3, to: 5, count: 20 });
		expect(flops).toEqual({ ...SMALL.flops[count], count: 100 });
		const counted = (power: number) =>
			count === "total" ? totalParameters(PAPER_EMBEDDING, 10 ** power) : 10 ** power;
		const fewest = tokensOf(10 ** flops.from, counted(models.to));
		const most = tokensOf(10 ** flops.to, counted(models.from));
		expect(10 ** tokens.from).toBeLessThanOrEqual(fewest);
		expect(10 ** tokens.to).toBeGreaterThanOrEqual(most);
		const step = (tokens.to - tokens.from) / (tokens.count - 1);
		expect(10 ** tokens.from * 10 ** step).toBeGreaterThan(fewest);
		expect(10 ** tokens.to / 10 ** step).toBeLessThan(most);
	});

	test("reads losses where the paper's does, or as often between them as its sizes are nearer", () => {
		const { from, to, count } = PAPER_DESIGN.tokens;
		const paper = (to - from) / (count - 1);
		const { tokens } = designWithin(SMALL, PAPER_EMBEDDING, "nonEmbedding");
		const step = (tokens.to - tokens.from) / (tokens.count - 1);
		expect(paper / step).toBeCloseTo(4, 9);
		const offset = (tokens.from - from) / step;
		expect(offset).toBeCloseTo(Math.round(offset), 6);
	});

	test("changes its exponents hardly when its ranges hardly change", () => {
		const { sizes, flops } = PAPER_RANGES;
		const nearly = { sizes: { ...sizes, to: 9.2001 }, flops };
		const { figure5, figure7 } = figures(EPOCH.law, PAPER_EMBEDDING, [], nearly);
		expect(figure5.fit.slope).toBeCloseTo(expected.pearce_frontier.epoch.nonemb_script.a, 3);
		expect(figure7.allocation.fit.slope).toBeCloseTo(expected.pearce_frontier.epoch.total_script.a, 3);
	});
});

describe("the figures within other ranges", () => {
	test("cover them", () => {
		const { figure2, figure3, figure4, figure5, figure7 } = figures(EPOCH.law, PAPER_EMBEDDING, [], SMALL);
		const ends = (values: number[]) =>
			[values[0]!, values.at(-1)!].map((value) => Number(Math.log10(value).toFixed(6)));
		expect(ends(figure4.frontier.flops)).toEqual([9, 12]);
		expect(ends(figure7.frontier.flops)).toEqual([10.5, 13]);
		expect(ends(figure4.curves.map(({ parameters }) => parameters))).toEqual([3, 5]);
		for (const { nonEmbedding } of [figure2.fit, figure3.curve]) expect(ends(nonEmbedding)).toEqual([2.1, 6.8]);
		expect(figure5.frontier.parameters.every((n) => n >= 999 && n <= 1e5 * 1.001)).toBe(true);
	});

	test("show embeddings as far as there are models", () => {
		const models = [{ total: 5e4, nonEmbedding: 1e4 }];
		expect(embeddingRange(coveringModels(PAPER_RANGES, models))).toEqual({ from: 4, to: 11, count: 200 });
		expect(embeddingRange(coveringModels(PAPER_RANGES, []))).toEqual({ from: 5, to: 11, count: 200 });
		const { figure2 } = figures(EPOCH.law, PAPER_EMBEDDING, models, coveringModels(PAPER_RANGES, models));
		expect(figure2.fit.nonEmbedding[0]).toBeCloseTo(1e4, 6);
		expect(figure2.fit.total[0]).toBeCloseTo(totalParameters(PAPER_EMBEDDING, 1e4), 3);
	});
});

describe("what cannot be", () => {
	test.each([
		[
			{ ...SMALL, sizes: { from: 5, to: 5 } },
			"the sizes run from 10^5 to 10^5; the first power must be below the second",
		],
		[{ ...SMALL, sizes: { from: -1, to: 5 } }, "the sizes run from 10^-1 to 10^5; they must lie within 10^0 and 10^20"],
		[
			{ ...SMALL, flops: { ...SMALL.flops, total: { from: 12, to: 41 } } },
			"the budgets in C_T run from 10^12 to 10^41; they must lie within 10^0 and 10^40",
		],
		[
			{ ...SMALL, flops: { ...SMALL.flops, nonEmbedding: { from: Number.NaN, to: 4 } } },
			"the budgets in C_\\E run from 10^NaN to 10^4",
		],
	])("ranges %#", (ranges, message) => {
		expect(() => checkRanges(ranges)).toThrow(RangeError);
		expect(() => figures(EPOCH.law, PAPER_EMBEDDING, [], ranges)).toThrow(message);
	});

	test("constants that lead beyond all numbers", () => {
		const law = { ...EPOCH.law, alpha: 5, beta: 0.001 };
		expect(() => figures(law, PAPER_EMBEDDING, [])).toThrow(
			"with these constants the best budget or loss of some size from 10^2 to 10^11 is no number",
		);
	});
});
