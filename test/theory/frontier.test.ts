import { describe, expect, test } from "vitest";
import { analyticExponent } from "../../src/theory/analytic-frontier.ts";
import { omegaOf, PAPER_EMBEDDING } from "../../src/theory/embedding.ts";
import {
	flopsAt,
	frontierExtremes,
	frontierInverse,
	frontierLimits,
	frontierPoint,
	localExponent,
	lossAtFlops,
} from "../../src/theory/frontier.ts";
import { EPOCH, SPECIFICATIONS } from "../../src/theory/specifications.ts";
import { expected, relativeError } from "../reference/expected.ts";

const { pearce_g_k } = expected;

describe.each(SPECIFICATIONS)("pearce_g_k.$id", ({ id, law }) => {
	const { constants, table, limits, extrema } = pearce_g_k[id];

	test("constants", () => {
		const { Nc, Dc, alpha, beta, E, omega } = constants;
		expect(law).toEqual({ E, A: Nc, B: Dc, alpha, beta });
		expect(PAPER_EMBEDDING).toEqual({ omega, delta: 1 / 3 });
	});

	test("table: equations 19, 20 and 30", () => {
		for (const { N, C, g, L_star, k } of table) {
			const point = frontierPoint(law, PAPER_EMBEDDING, N);
			for (const [actual, wanted] of [
				[point.flops, C],
				[point.g, g],
				[point.loss, L_star],
				[point.k, k],
				[frontierInverse(law, PAPER_EMBEDDING)(C), N],
			])
				expect(relativeError(actual, wanted)).toBeLessThan(1e-9);
		}
	});

	test("limits", () => {
		const { gSmall, gLarge, kSmall, kLarge } = frontierLimits(law, PAPER_EMBEDDING);
		expect(relativeError(gSmall, limits.g_small)).toBeLessThan(1e-9);
		expect(relativeError(gLarge, limits.g_large)).toBeLessThan(1e-9);
		expect(relativeError(kSmall, limits.k_small)).toBeLessThan(1e-9);
		expect(kLarge).toBe(limits.k_large);
		expect(localExponent(law, PAPER_EMBEDDING, 1e-12)).toBeCloseTo(gSmall, 9);
		expect(localExponent(law, PAPER_EMBEDDING, 1e30)).toBeCloseTo(gLarge, 9);
		expect(frontierPoint(law, PAPER_EMBEDDING, 1e-60).k).toBeCloseTo(kSmall, 6);
	});

	test("extrema, as precisely as they are listed", () => {
		const { g, k } = frontierExtremes(law, PAPER_EMBEDDING);
		expect(g!.value).toBeCloseTo(extrema.g_max, 6);
		expect(relativeError(g!.nonEmbedding, extrema.N_at_g_max)).toBeLessThan(1e-4);
		expect(k!.value).toBeCloseTo(extrema.k_min, 6);
		expect(relativeError(k!.nonEmbedding, extrema.N_at_k_min)).toBeLessThan(1e-4);
	});

	test("g and k are the slopes of (19) and of the least loss (17)", () => {
		const step = 1e-4;
		for (const nonEmbedding of [1e2, 1e5, 3e6, 1e8, 1e11]) {
			const at = frontierPoint(law, PAPER_EMBEDDING, nonEmbedding);
			const up = frontierPoint(law, PAPER_EMBEDDING, nonEmbedding * Math.exp(step));
			const down = frontierPoint(law, PAPER_EMBEDDING, nonEmbedding * Math.exp(-step));
			const logFlops = Math.log(up.flops / down.flops);
			expect(relativeError((2 * step) / logFlops, at.g)).toBeLessThan(1e-6);
			expect(relativeError(Math.log(up.loss / down.loss) / logFlops, at.k)).toBeLessThan(1e-6);
			const loss = (n: number) => lossAtFlops(law, PAPER_EMBEDDING, n, at.flops);
			expect(loss(nonEmbedding)).toBeCloseTo(at.loss, 12);
			for (const factor of [0.9, 1.1]) expect(loss(nonEmbedding * factor)).toBeGreaterThan(at.loss);
		}
	});
});

test("pearce_g_k.scaling_note: g depends on N/ω^1.5 only", () => {
	for (const x of [1e-3, 0.186, 20])
		expect(localExponent(EPOCH.law, { omega: 700, delta: 1 / 3 }, x * 700 ** 1.5)).toBeCloseTo(
			localExponent(EPOCH.law, PAPER_EMBEDDING, x * PAPER_EMBEDDING.omega ** 1.5),
			12,
		);
	expect(frontierExtremes(EPOCH.law, PAPER_EMBEDDING).g!.nonEmbedding / PAPER_EMBEDDING.omega ** 1.5).toBeCloseTo(
		0.186,
		3,
	);
});

describe("pearce_g_k.browser_scale_prediction", () => {
	const { a_by_vocab_plus_positions, a_total, tol } = pearce_g_k.browser_scale_prediction;
	const exponent = (omega: number) =>
		analyticExponent(EPOCH.law, { omega, delta: 1 / 3 }, { smallest: 3e3, largest: 3e6 });

	test.each(Object.entries(a_by_vocab_plus_positions as Record<string, number>))(
		"a vocabulary and positions of %s together",
		(count, a) => {
			expect(Math.abs(exponent(omegaOf(Number(count), 16)) - a)).toBeLessThan(Number(tol));
		},
	);

	test("without embeddings both ways of counting agree", () => {
		expect(Math.abs(exponent(0) - a_total)).toBeLessThan(1e-4);
	});
});

describe("other constants", () => {
	test("without embeddings g is constant and k runs from −αβ/(α+β) to 0", () => {
		const none = { omega: 0, delta: 1 / 3 };
		expect(frontierExtremes(EPOCH.law, none)).toEqual({ g: null, k: null });
		expect(frontierLimits(EPOCH.law, none).gSmall).toBe(frontierLimits(EPOCH.law, none).gLarge);
	});

	test("without an irreducible loss k has a limit below 0", () => {
		const law = { ...EPOCH.law, E: 0 };
		expect(frontierPoint(law, PAPER_EMBEDDING, 1e30).k).toBeCloseTo(frontierLimits(law, PAPER_EMBEDDING).kLarge, 6);
	});

	test("where (19) folds back, its inverse is the size of least loss and g has no maximum", () => {
		const law = { E: 1, A: 5, B: 5, alpha: 0.1, beta: 0.1 };
		expect(localExponent(law, PAPER_EMBEDDING, 0.3 * PAPER_EMBEDDING.omega ** 1.5)).toBeLessThan(0);
		expect(frontierExtremes(law, PAPER_EMBEDDING).g).toBeNull();
		const flops = flopsAt(law, PAPER_EMBEDDING, 0.3 * PAPER_EMBEDDING.omega ** 1.5);
		const best = frontierInverse(law, PAPER_EMBEDDING)(flops);
		const loss = (logN: number) => lossAtFlops(law, PAPER_EMBEDDING, Math.exp(logN), flops);
		const least = Math.min(...Array.from({ length: 4000 }, (_, i) => loss(i / 100)));
		expect(loss(Math.log(best))).toBeLessThanOrEqual(least);
	});

	test("a budget for which no size is best is named", () => {
		expect(() => frontierInverse(EPOCH.law, PAPER_EMBEDDING)(1e300)).toThrow("is best at 1e+300 FLOP");
	});
});
