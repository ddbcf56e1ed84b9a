import { describe, expect, test } from "vitest";
import { aspectRatioOf, omegaOf, totalParameters } from "../../src/theory/embedding.ts";
import { EMBEDDING_METHODS, fitEmbedding } from "../../src/theory/embedding-fit.ts";
import { expected, readRows, relativeError } from "./expected.ts";

const { omega_fit } = expected;
const tolerance = Number(omega_fit.tol);

/** Chinchilla's 50 models: N_T as listed, N_\E = N_T − 32,000·d. */
const models = readRows("chinchilla_table_a9.csv").map((row) => ({
	total: row.params_M! * 1e6,
	nonEmbedding: row.params_M! * 1e6 - 32000 * row.d_model!,
}));
const corrected = models.map((model, i) => {
	const width = readRows("chinchilla_table_a9.csv")[i]!.d_model!;
	return model.total === 14494e6 ? { total: 14940e6, nonEmbedding: 14940e6 - 32000 * width } : model;
});

describe("ω and δ of Chinchilla's models", () => {
	test("omega_fit.result: the paper's procedure", () => {
		const fit = fitEmbedding(models, "log-total");
		expect(relativeError(fit.omega, omega_fit.result.omega)).toBeLessThan(tolerance);
		expect(relativeError(fit.delta, omega_fit.result.delta)).toBeLessThan(tolerance);
		expect(relativeError(fit.halfSumOfSquares, omega_fit.result.half_SS)).toBeLessThan(tolerance);
		expect(relativeError(aspectRatioOf(fit.omega, 32000), omega_fit.result.implied_aspect_A)).toBeLessThan(tolerance);
	});

	test("omega_fit.fixed_third", () => {
		const fit = fitEmbedding(models, "log-total", 1 / 3);
		expect(relativeError(fit.omega, omega_fit.fixed_third.omega)).toBeLessThan(tolerance);
		expect(fit).toMatchObject({ delta: 1 / 3, fixedDelta: true });
	});

	test("omega_fit.with_14940: row 49 as its formula gives it", () => {
		expect(corrected).not.toEqual(models);
		const free = fitEmbedding(corrected, "log-total");
		expect(relativeError(free.omega, omega_fit.with_14940.omega)).toBeLessThan(tolerance);
		expect(relativeError(free.delta, omega_fit.with_14940.delta)).toBeLessThan(tolerance);
		const third = fitEmbedding(corrected, "log-total", 1 / 3);
		expect(relativeError(third.omega, omega_fit.with_14940.omega_fixed_third)).toBeLessThan(tolerance);
	});

	// omega_fit.what_the_paper_text_implies_but_does_not_give
	test.each([
		["log-embedding", 24506.43, 0.374208, 56950.28],
		["embedding", 22657, 0.37792, 60953],
	] as const)("the alternative %s", (method, omega, delta, omegaAtThird) => {
		expect(omega_fit.what_the_paper_text_implies_but_does_not_give).toContain(String(omega));
		const free = fitEmbedding(models, method);
		expect(relativeError(free.omega, omega)).toBeLessThan(tolerance);
		expect(relativeError(free.delta, delta)).toBeLessThan(tolerance);
		expect(relativeError(fitEmbedding(models, method, 1 / 3).omega, omegaAtThird)).toBeLessThan(tolerance);
	});
});

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
