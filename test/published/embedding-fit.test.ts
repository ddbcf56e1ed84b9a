import { describe, expect, test } from "vitest";
import { aspectRatioOf } from "../../src/theory/embedding.ts";
import { fitEmbedding } from "../../src/theory/embedding-fit.ts";
import { expected, relativeError } from "../reference/expected.ts";
import { lazily } from "./lazily.ts";
import { tableRows } from "./tables.ts";

const { omega_fit } = expected;
const tolerance = Number(omega_fit.tol);

/** Chinchilla's 50 models: N_T as listed, N_\E = N_T − 32,000·d. */
const models = lazily(() =>
	tableRows("chinchilla_table_a9.csv").map(({ params_M, d_model }) => ({
		total: Number(params_M) * 1e6,
		nonEmbedding: Number(params_M) * 1e6 - 32000 * Number(d_model),
	})),
);
/** Row 49 as its formula gives it: 446 million more. */
const corrected = lazily(() =>
	models().map((model) =>
		model.total === 14494e6 ? { total: 14940e6, nonEmbedding: model.nonEmbedding + 446e6 } : model,
	),
);

describe("ω and δ of Chinchilla's models", () => {
	test("omega_fit.result: the paper's procedure", () => {
		const fit = fitEmbedding(models(), "log-total");
		expect(relativeError(fit.omega, omega_fit.result.omega)).toBeLessThan(tolerance);
		expect(relativeError(fit.delta, omega_fit.result.delta)).toBeLessThan(tolerance);
		expect(relativeError(fit.halfSumOfSquares, omega_fit.result.half_SS)).toBeLessThan(tolerance);
		expect(relativeError(aspectRatioOf(fit.omega, 32000), omega_fit.result.implied_aspect_A)).toBeLessThan(tolerance);
	});

	test("omega_fit.fixed_third", () => {
		const fit = fitEmbedding(models(), "log-total", 1 / 3);
		expect(relativeError(fit.omega, omega_fit.fixed_third.omega)).toBeLessThan(tolerance);
		expect(fit).toMatchObject({ delta: 1 / 3, fixedDelta: true });
	});

	test("omega_fit.with_14940: row 49 as its formula gives it", () => {
		expect(corrected()).not.toEqual(models());
		const free = fitEmbedding(corrected(), "log-total");
		expect(relativeError(free.omega, omega_fit.with_14940.omega)).toBeLessThan(tolerance);
		expect(relativeError(free.delta, omega_fit.with_14940.delta)).toBeLessThan(tolerance);
		const third = fitEmbedding(corrected(), "log-total", 1 / 3);
		expect(relativeError(third.omega, omega_fit.with_14940.omega_fixed_third)).toBeLessThan(tolerance);
	});

	// omega_fit.what_the_paper_text_implies_but_does_not_give
	test.each([
		["log-embedding", 24506.43, 0.374208, 56950.28],
		["embedding", 22657, 0.37792, 60953],
	] as const)("the alternative %s", (method, omega, delta, omegaAtThird) => {
		expect(omega_fit.what_the_paper_text_implies_but_does_not_give).toContain(String(omega));
		const free = fitEmbedding(models(), method);
		expect(relativeError(free.omega, omega)).toBeLessThan(tolerance);
		expect(relativeError(free.delta, delta)).toBeLessThan(tolerance);
		expect(relativeError(fitEmbedding(models(), method, 1 / 3).omega, omegaAtThird)).toBeLessThan(tolerance);
	});
});
