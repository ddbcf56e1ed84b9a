import { describe, expect, test } from "vitest";
import { drawPoints, pointCount } from "../../../../src/analysis/points/synthetic-points.ts";
import { CHINCHILLA, EPOCH } from "../../../../src/theory/specifications.ts";
import {
	DESIGN_FIELDS,
	type DesignKind,
	FIRST_VALUES,
	lawOf,
	noiseFields,
	type SyntheticValues,
	studyOf,
} from "../../../../src/ui/pages/replay/synthetic-values.ts";

const values = (design: DesignKind, numbers: Partial<SyntheticValues["numbers"]> = {}): SyntheticValues => ({
	...FIRST_VALUES,
	...{ design, numbers: { ...FIRST_VALUES.numbers, ...numbers } },
});
function study(given: SyntheticValues) {
	const found = studyOf(given);
	if ("problem" in found) throw new Error(found.problem);
	return found.study;
}

test.each([
	["isoflop", 54, 54],
	["grid", 144, 144],
	["curves", 144, 9],
] as const)("the form begins with a study of design %s that can be drawn", (design, points, runs) => {
	const drawn = drawPoints(study(values(design)));
	expect([drawn.length, new Set(drawn.map(({ run }) => run)).size]).toEqual([points, runs]);
});

test("the numbers of the form are those of the study", () => {
	const given = values("isoflop", {
		budgetFrom: 1e17,
		budgetTo: 1e19,
		budgets: 3,
		sizes: 5,
		spread: 4,
		noise: 0.1,
		seed: 9,
	});
	expect(study({ ...given, lawId: "own", own: { ...EPOCH.law, E: 2 } })).toEqual({
		...{ law: { ...EPOCH.law, E: 2 }, noise: 0.1, pointNoise: FIRST_VALUES.numbers.pointNoise, seed: 9 },
		design: { kind: "isoflop", budgets: { from: 1e17, to: 1e19, count: 3 }, sizes: 5, spread: 4 },
	});
	expect(lawOf({ ...given, lawId: "chinchilla" })).toEqual(CHINCHILLA.law);
});

describe("what is no study is explained", () => {
	test.each([
		[
			"isoflop",
			{ budgetFrom: 1e22 },
			"The smallest budget, 1.00 × 10²², is above the largest, 1.00 × 10²¹; it must be below.",
		],
		["grid", { sizeFrom: 5e9 }, "The smallest size, 5.00B, is above the largest, 3.00B; it must be below."],
		[
			"curves",
			{ tokensTo: 1e3 },
			"The smallest number of tokens, 500M, is above the largest, 1.00k; it must be below.",
		],
		["grid", { sizeCount: 500, tokensCount: 41 }, "These are 20,500 points; at most 20,000 are drawn."],
	] as const)("of design %s: %j", (design, numbers, problem) => {
		expect(studyOf(values(design, numbers))).toEqual({ problem });
	});
});

test("every number that the form begins with is within the bounds of its field", () => {
	for (const design of ["isoflop", "grid", "curves"] as const)
		for (const { name, bounds, whole } of [...DESIGN_FIELDS[design], ...noiseFields(design)]) {
			const value = FIRST_VALUES.numbers[name];
			expect(value, name).toBeGreaterThanOrEqual(bounds.min);
			expect(value, name).toBeLessThanOrEqual(bounds.max);
			if (whole) expect(Number.isInteger(value), name).toBe(true);
		}
	expect(noiseFields("grid").map(({ name }) => name)).toEqual(["noise", "seed"]);
	expect(pointCount(study(values("curves")).design)).toBe(144);
});
