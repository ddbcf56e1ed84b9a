import { describe, expect, test } from "vitest";
import { PAPER_EMBEDDING, totalParameters } from "../../src/theory/embedding.ts";
import { figures } from "../../src/theory/figures.ts";
import { SPECIFICATIONS } from "../../src/theory/specifications.ts";
import { expected } from "../reference/expected.ts";

const model = { total: 44e6, nonEmbedding: 27.6e6 };

describe.each(SPECIFICATIONS)("the paper's figures with $id's constants", ({ id, law }) => {
	const { figure2, figure3, figure4, figure5, figure6, figure7 } = figures(law, PAPER_EMBEDDING, [model]);
	const reference = expected.pearce_frontier[id];

	test("2: models and the fit", () => {
		expect(figure2.models).toEqual({ total: [44e6], nonEmbedding: [27.6e6] });
		figure2.fit.nonEmbedding.forEach((n, i) => {
			expect(figure2.fit.total[i]).toBe(totalParameters(PAPER_EMBEDDING, n));
		});
	});

	test("3: N* and g between its limits", () => {
		const { flops, g } = figure3.curve;
		expect(flops.every((c, i) => i === 0 || c > flops[i - 1]!)).toBe(true);
		expect(g[0]).toBeCloseTo(figure3.limits.small, 2);
		expect(g.at(-1)).toBeCloseTo(figure3.limits.large, 2);
		expect(Math.max(...g)).toBeCloseTo(expected.pearce_g_k[id].extrema.g_max, 2);
	});

	test("4 and 7: twenty curves, none below the frontier", () => {
		for (const { curves, frontier } of [figure4, figure7]) {
			expect(curves).toHaveLength(20);
			for (const { flops, loss } of curves)
				flops.forEach((c, i) => {
					const j = frontier.flops.findIndex((budget) => budget >= c);
					// The frontier at the next budget lies below the curve at this one, up to the reading of the samples.
					if (j > 0) expect(loss[i]).toBeGreaterThan(frontier.loss[j]! * 0.99);
				});
		}
	});

	test("5, 6 and 7: the fitted lines are the published exponents", () => {
		expect(figure5.fit.slope).toBeCloseTo(reference.nonemb_script.a, 6);
		expect(figure5.largeModels.slope).toBeCloseTo(figure3.limits.large, 2);
		expect(figure6.fit.slope).toBeCloseTo(reference.nonemb_script.k, 6);
		expect(figure6.analytic.k[0]).toBeCloseTo(expected.pearce_g_k[id].table[0].k, 9);
		expect(figure7.allocation.fit.slope).toBeCloseTo(reference.total_script.a, 6);
	});
});
