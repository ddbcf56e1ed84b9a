import { expect, test } from "vitest";
import { compareOnHeldOutScale } from "../../src/analysis/parametric-laws/held-out-scale.ts";
import { KAPLAN } from "../../src/analysis/parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "../../src/analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../../src/analysis/parametric-laws/rosenfeld-law.ts";
import { singleVariableLaw } from "../../src/analysis/parametric-laws/single-variable-laws.ts";
import { epochPoints } from "./epoch-points.ts";

const laws = [KAPLAN, singleVariableLaw("C", false), singleVariableLaw("C", true), METHOD_3, rosenfeldLaw()];

test("fitted to the small runs of Epoch's points, the laws with an offset of N and D are best, those of C alone without are worst", () => {
	const { by, from, fittedRuns, predictedRuns, laws: compared } = compareOnHeldOutScale(laws, epochPoints(240));
	expect(by).toBe("flops");
	expect(from).toBeGreaterThan(9e20);
	expect(fittedRuns.length + predictedRuns.length).toBe(240);
	expect(predictedRuns.length).toBeGreaterThanOrEqual(24);
	const order = compared.map(({ law }) => law);
	expect(order.slice(0, 2).sort()).toEqual(["method3", "rosenfeld"]);
	expect(order.at(-1)).toBe("L(C)");
	expect(compared[0]!.error).toBeLessThan(0.015);
	expect(compared.at(-1)!.bias).toBeLessThan(-0.03);
});
