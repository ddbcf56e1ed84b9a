import { expect, it } from "vitest";
import { PAPER_EMBEDDING } from "../../../../src/theory/embedding.ts";
import { theoryReport } from "../../../../src/theory/report.ts";
import { SPECIFICATIONS } from "../../../../src/theory/specifications.ts";
import { PAPER_INPUTS } from "../../../../src/ui/pages/theory/theory-inputs.ts";
import { theoryValues } from "../../../../src/ui/pages/theory/theory-values.ts";

it.each(SPECIFICATIONS)("$id: the numbers of the report", (specification) => {
	const { exponents, limits } = theoryValues({ ...PAPER_INPUTS, law: specification.law });
	const report = theoryReport(specification, PAPER_EMBEDDING);
	expect(limits).toEqual(report.limits);
	for (const count of ["nonEmbedding", "total"] as const) {
		const { allocation, budgets, pointsAtSmallest, pointsAtLargest } = report.synthetic[count].nearest;
		expect(exponents[count]).toEqual({
			exponent: allocation.slope,
			...{ budgets, atSmallest: pointsAtSmallest, atLargest: pointsAtLargest },
		});
	}
});

it("figure 2 reaches the sizes of a study that is laid over it", () => {
	const { figures } = theoryValues(PAPER_INPUTS, [{ total: 2e4, nonEmbedding: 1e3 }]);
	expect(figures.figure2.fit.nonEmbedding[0]).toBeCloseTo(1e3, 6);
	expect(figures.figure2.models.total).toEqual([]);
});
