import { describe, expect, test } from "vitest";
import { aspectRatioOf, omegaOf, totalParameters } from "../../src/theory/embedding.ts";
import { EMBEDDING_METHODS, fitEmbedding } from "../../src/theory/embedding-fit.ts";
import { relativeError } from "../reference/expected.ts";

describe("models that follow a law exactly", () => {
	test.each(EMBEDDING_METHODS)("%s finds it, from two models on", (method) => {
		for (const [omega, delta] of [
			[800, 1 / 3],
			[37, 0.5],
		] as const) {
			const exact = [3e3, 7e4, 2e6].map((nonEmbedding) => ({
				nonEmbedding,
				total: totalParameters({ omega, delta }, nonEmbedding),
			}));
			for (const some of [exact, exact.slice(1)]) {
				const fit = fitEmbedding(some, method);
				expect(relativeError(fit.omega, omega)).toBeLessThan(1e-6);
				expect(relativeError(fit.delta, delta)).toBeLessThan(1e-6);
			}
		}
	});

	test("δ is 1/3 at a fixed aspect ratio, with ω from the vocabulary", () => {
		const widths = [64, 256, 1024];
		const fit = fitEmbedding(
			widths.map((width) => {
				const nonEmbedding = (12 * width ** 3) / 32;
				return { nonEmbedding, total: nonEmbedding + 50000 * width };
			}),
			"log-total",
		);
		expect(fit.delta).toBeCloseTo(1 / 3, 8);
		expect(relativeError(fit.omega, omegaOf(50000, 32))).toBeLessThan(1e-7);
	});
});

/** Nine models whose embeddings scatter about ω = 800, δ = 1/3. */
const models = [0.1, -0.2, 0.05, 0.25, -0.15, 0, 0.2, -0.1, 0.15].map((scatter, i) => {
	const nonEmbedding = 1e4 * 4 ** i;
	return { nonEmbedding, total: nonEmbedding + 800 * Math.cbrt(nonEmbedding) * Math.exp(scatter) };
});

describe("models that follow no law exactly", () => {
	/** What each method makes least, half of it, as its definition has it. */
	const residuals = {
		"log-total": (omega: number, delta: number) =>
			models.map(({ nonEmbedding: n, total }) => Math.log((n + omega * n ** delta) / total)),
		"log-embedding": (omega: number, delta: number) =>
			models.map(({ nonEmbedding: n, total }) => Math.log((omega * n ** delta) / (total - n))),
		embedding: (omega: number, delta: number) =>
			models.map(({ nonEmbedding: n, total }) => omega * n ** delta - (total - n)),
	};
	const half = (values: number[]) => values.reduce((sum, value) => sum + value * value, 0) / 2;

	test.each(EMBEDDING_METHODS)("%s: no other ω and δ have a smaller sum of squares", (method) => {
		const sum = (omega: number, delta: number) => half(residuals[method](omega, delta));
		const { omega, delta, halfSumOfSquares } = fitEmbedding(models, method);
		expect(relativeError(halfSumOfSquares, sum(omega, delta))).toBeLessThan(1e-9);
		// The valley is narrow along ω at a given δ; steps in δ turn about the models' mean size.
		const turn = Math.exp(
			models.reduce((total, { nonEmbedding }) => total + Math.log(nonEmbedding), 0) / models.length,
		);
		for (const step of [-1e-3, 1e-3]) {
			expect(sum(omega * Math.exp(step), delta)).toBeGreaterThan(halfSumOfSquares);
			expect(sum(omega * turn ** -step, delta + step)).toBeGreaterThan(halfSumOfSquares);
			expect(sum(omega, delta + step)).toBeGreaterThan(halfSumOfSquares);
		}
		const fixed = fitEmbedding(models, method, 0.3);
		expect(fixed).toMatchObject({ delta: 0.3, fixedDelta: true });
		expect(fixed.halfSumOfSquares).toBeGreaterThan(halfSumOfSquares);
		for (const step of [-1e-3, 1e-3])
			expect(sum(fixed.omega * Math.exp(step), 0.3)).toBeGreaterThan(fixed.halfSumOfSquares);
	});

	test("the aspect ratio behind ω is the inverse of omegaOf", () => {
		expect(aspectRatioOf(omegaOf(32000, 39), 32000)).toBeCloseTo(39, 9);
		// ω = V·(A/12)^(1/3).
		expect(omegaOf(32000, 12)).toBeCloseTo(32000, 9);
	});
});

test("models that cannot determine it are named", () => {
	expect(() => fitEmbedding([], "log-total")).toThrow("there are 0 distinct sizes; ω and δ need two, ω alone one");
	expect(() => fitEmbedding([models[0]!, models[0]!], "embedding")).toThrow("there are 1 distinct sizes");
	expect(fitEmbedding([models[0]!], "embedding", 1 / 3).halfSumOfSquares).toBe(0);
	for (const bad of [
		{ total: 5, nonEmbedding: 5 },
		{ total: Number.NaN, nonEmbedding: 5 },
		{ total: 5, nonEmbedding: -1 },
	])
		expect(() => fitEmbedding([bad, models[0]!], "log-total")).toThrow(
			"the second must be above 0 and below the first",
		);
});
