import { describe, expect, test } from "vitest";
import { logspace } from "../../src/maths/search.ts";
import { omegaOf, totalParameters } from "../../src/theory/embedding.ts";
import { flopsAt } from "../../src/theory/frontier.ts";
import { allocationExponent, lossAt } from "../../src/theory/loss-law.ts";
import { predictStudy, type StudySize } from "../../src/theory/prediction.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { relativeError } from "../reference/expected.ts";

const embedding = { omega: omegaOf(2048, 16), delta: 1 / 3 };
const sizesOf = (count: number, tokens = 1e15): StudySize[] =>
	logspace(3.5, 6.5, count).map((nonEmbedding) => ({
		nonEmbedding,
		total: totalParameters(embedding, nonEmbedding),
		tokens,
	}));

describe("many sizes", () => {
	const prediction = predictStudy(EPOCH.law, sizesOf(40));

	test("the crossings lie on the continuous frontier", () => {
		expect(prediction.total.exponent).toBeCloseTo(allocationExponent(EPOCH.law), 3);
		for (const { parameters, flops } of prediction.nonEmbedding.crossings)
			expect(relativeError(flops, flopsAt(EPOCH.law, embedding, parameters))).toBeLessThan(0.01);
		expect(prediction.nonEmbedding.continuous! - prediction.total.continuous!).toBeGreaterThan(0.2);
	});

	test("ω and δ are found again, and g bends along the curve", () => {
		expect(prediction.embedding!.omega).toBeCloseTo(embedding.omega, 3);
		expect(prediction.embedding!.delta).toBeCloseTo(1 / 3, 6);
		const g = prediction.curve.map((point) => point.g);
		expect(Math.max(...g)).toBeGreaterThan(g[0]!);
		expect(prediction.curve[0]!.nonEmbedding).toBeCloseTo(10 ** 3.5, 6);
	});
});

test("at a crossing both sizes have the same loss, and it is the least of all", () => {
	const sizes = sizesOf(6);
	const { total, nonEmbedding } = predictStudy(EPOCH.law, sizes);
	for (const [count, crossings] of [
		["total", total.crossings],
		["nonEmbedding", nonEmbedding.crossings],
	] as const)
		for (const { flops, sizes: pair } of crossings) {
			const losses = sizes.map((size) => ({
				at: size[count],
				loss: lossAt(EPOCH.law, size.total, flops / 6 / size[count]),
			}));
			const of = (counted: number) => losses.find(({ at }) => at === counted)!.loss;
			expect(of(pair[0])).toBeCloseTo(of(pair[1]), 10);
			expect(Math.min(...losses.map(({ loss }) => loss))).toBeCloseTo(of(pair[0]), 10);
		}
	expect(total.crossings).toHaveLength(5);
});

test("a size that another one beats everywhere crosses nothing", () => {
	const sizes = sizesOf(4);
	const wasteful = { nonEmbedding: sizes[1]!.nonEmbedding * 1.01, total: sizes[1]!.total * 0.5, tokens: 1e15 };
	const { nonEmbedding } = predictStudy(EPOCH.law, [...sizes, wasteful]);
	const found = nonEmbedding.crossings.flatMap((crossing) => crossing.sizes);
	expect(nonEmbedding.neverBest).toEqual([wasteful.nonEmbedding]);
	expect(found).not.toContain(wasteful.nonEmbedding);
	expect(found).toContain(sizes[1]!.nonEmbedding);
});

test("only the crossings that the budgets reach count within the budgets", () => {
	const { total } = predictStudy(EPOCH.law, sizesOf(5));
	const enough = Math.max(...total.crossings[1]!.tokens);
	const limited = predictStudy(EPOCH.law, sizesOf(5, enough * 1.001));
	expect(limited.total.crossings.map(({ reached }) => reached)).toEqual([true, true, false, false]);
	expect(limited.total.exponentWithinBudgets).toBeCloseTo(limited.total.exponent!, 2);
	expect(predictStudy(EPOCH.law, sizesOf(5, 1)).total.exponentWithinBudgets).toBeNull();
});

describe("sizes that determine nothing", () => {
	test("none, one, two", () => {
		for (const sizes of [[], sizesOf(1), [...sizesOf(1), ...sizesOf(1)]]) {
			const { total, nonEmbedding, curve, embedding: fitted } = predictStudy(EPOCH.law, sizes);
			expect([total.exponent, nonEmbedding.exponent, total.continuous, nonEmbedding.continuous, fitted]).toEqual([
				null,
				null,
				null,
				null,
				null,
			]);
			expect(curve).toEqual([]);
		}
		const two = predictStudy(EPOCH.law, sizesOf(2));
		expect(two.total.exponent).toBeNull();
		expect(two.nonEmbedding.continuous).toBeGreaterThan(0.5);
	});

	test("embeddings that shrink with the model have no ω and δ", () => {
		const sizes = [1e4, 1e5, 1e6].map((nonEmbedding, i) => ({
			nonEmbedding,
			total: nonEmbedding + 9e4 - i * 4e4,
			tokens: 1e12,
		}));
		const { embedding: fitted, curve, total } = predictStudy(EPOCH.law, sizes);
		expect([fitted, curve]).toEqual([null, []]);
		expect(total.exponent).not.toBeNull();
	});
});
