import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { plainText } from "../../../src/figures/rich-text.ts";
import { planOfPreset } from "../fixtures.ts";
import { LAB_LAW, lawRuns, TOTAL_EXPONENT, withDiverged } from "../law-runs.ts";

const plan = await planOfPreset("grid");
const options = { resamples: 200 };
const runs = lawRuns(plan, { noise: 0.001 });
const found = answer(plan, runs, options)!;
const rows = found.figure.table.rows.map(([, name, ...cells]) => [plainText(name as never), ...cells] as const);

test("the law of the runs is found, and what it says of the best size", () => {
	expect(found.sentence).toMatch(/^One law fits 5 sizes at 20 ends to 0\.\d % /);
	const truth = { ...LAB_LAW, α: LAB_LAW.alpha, β: LAB_LAW.beta, a: TOTAL_EXPONENT };
	let held = 0;
	for (const [name, , low, high] of rows.slice(0, 6)) {
		const value = truth[name as keyof typeof truth];
		if (Number(low) < value && value < Number(high)) held++;
	}
	// Nominally nine of ten do.
	expect(held).toBeGreaterThanOrEqual(5);
});

test("lines for each size, and their dots", () => {
	expect(found.figure.marks.filter(({ kind }) => kind === "line")).toHaveLength(5);
	expect(found.figure.marks.filter(({ kind }) => kind === "dots")).toHaveLength(5);
});

test("a parameter at its bound is said", () => {
	// No floor, but a loss that falls ever faster in ln D: E goes to its bound.
	const steep = lawRuns(plan, { penalty: (_, tokens) => 1 - 0.02 * Math.log(tokens / 2e5) ** 2 });
	const { sentence, figure, warnings } = answer(plan, steep, options)!;
	expect(sentence).toMatch(/; E is not determined\. It gives N\* ∝ C\^0\.\d/);
	expect(figure.table.rows[0]!.slice(2).map((cell) => (Array.isArray(cell) ? plainText(cell) : cell))).toEqual([
		...[0, null, null, "at its bound: not determined"],
	]);
	expect(warnings).toContainEqual("All parameters: At a bound, so not determined: E.");
});

test("part of a study, diverged runs and one seed", () => {
	const part = answer(plan, runs.slice(0, 5), options)!;
	expect(part.sentence).toBe("No law can be fitted to 1 size at 3 ends.");
	expect(part.warnings).toContainEqual(expect.stringMatching(/^All parameters: no exponent, because .* needs 3\.$/));
	expect(part.figure.marks.flatMap((mark) => (mark.kind === "dots" ? mark.points : []))).toHaveLength(3);
	const some = withDiverged(runs, ({ spec }) => spec.model.width === 24);
	expect(answer(plan, some, options)!.sentence).toMatch(/^One law fits 4 sizes at 16 ends /);
	const single = runs.filter(({ spec }) => spec.seed === 1);
	const bars = answer(plan, single, options)!.figure.marks.flatMap((mark) =>
		mark.kind === "dots" ? mark.intervals!.y! : [],
	);
	expect(bars).toEqual(Array(20).fill(null));
});

test("without runs the figure is empty", () => {
	const { sentence, figure } = answer(plan, [], options)!;
	expect(sentence).toBe("No run has finished yet.");
	expect(figure.marks).toEqual([]);
});
