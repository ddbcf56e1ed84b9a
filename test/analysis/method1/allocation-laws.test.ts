import { describe, expect, it } from "vitest";
import { studyLaws } from "../../../src/analysis/method1/allocation-laws.ts";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { advise } from "../../../src/theory/published-laws.ts";
import { relativeError } from "../../reference/expected.ts";
import { analysis } from "../../ui/charts/five-sizes.ts";

describe("a study's own laws", () => {
	const laws = studyLaws(analysis);

	it("are those of its fits, in both conventions", () => {
		expect(laws.map(({ counting }) => counting)).toEqual(["total", "nonembedding"]);
		for (const [i, convention] of (["total", "nonEmbedding"] as const).entries()) {
			const { allocation, lossNoOffset } = analysis.conventions[convention];
			for (const flops of [1e13, 1e23]) {
				const { parameters, tokens, loss, exponent } = advise(laws[i]!, flops);
				const { kN, a } = allocation.parameters;
				expect(relativeError(parameters, kN!.estimate * flops ** a!.estimate)).toBeLessThan(1e-9);
				expect(relativeError(6 * parameters * tokens, flops)).toBeLessThan(1e-12);
				const { k, γ } = lossNoOffset.parameters;
				expect(relativeError(loss!, k!.estimate * flops ** -γ!.estimate)).toBeLessThan(1e-9);
				expect(exponent).toBe(allocation.estimate);
			}
			expect(laws[i]!.rule).toMatchObject({ interval: { low: allocation.low, high: allocation.high, level: 0.9 } });
		}
	});

	it("reach as far as their points", () => {
		const { points } = analysis.conventions.total.allocation;
		expect(laws[0]!.range).toEqual({
			parameters: { from: Math.min(...points.map(({ y }) => y)), to: Math.max(...points.map(({ y }) => y)) },
			flops: { from: Math.min(...points.map(({ x }) => x)), to: Math.max(...points.map(({ x }) => x)) },
		});
	});

	it("are none before there is a fit, and without losses where the loss does not fall", () => {
		expect(studyLaws(analyzeStudy([]))).toEqual([]);
		const { total } = analysis.conventions;
		const flat = { ...total, lossNoOffset: { ...total.lossNoOffset, estimate: -0.01 } };
		const [law] = studyLaws({ ...analysis, conventions: { ...analysis.conventions, total: flat } });
		expect(advise(law!, 1e13).loss).toBeNull();
		expect(law!.note).toBe("The study has no law of the loss yet.");
	});
});
