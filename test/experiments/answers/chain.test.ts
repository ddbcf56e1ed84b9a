import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { plainText, type RichText } from "../../../src/figures/rich-text.ts";
import { planOf } from "../fixtures.ts";
import { lawRuns, nonEmbeddingExponent, stretched, withDiverged } from "../law-runs.ts";

const plan = await planOf(stretched(presetNamed("chain")!.study));
const options = { resamples: 100 };
const runs = lawRuns(plan, { noise: 0.0005 });
const { sentence, figure } = answer(plan, runs, options)!;
const cells = (stage: number) => figure.table.rows[stage]!.slice(2, 5).map(Number);

/** The same plan with the head's matrix among the non-embedding parameters. */
const withHead = {
	...plan,
	perRun: Object.fromEntries(
		plan.runs.map(({ id, spec: { model } }) => {
			const run = plan.perRun[id]!;
			const nonEmbedding = run.parameters.nonEmbedding + model.vocabulary * model.width;
			return [id, { ...run, parameters: { ...run.parameters, nonEmbedding } }];
		}),
	),
};

test("the stages count as Kaplan et al. did, then the head too, and each gives the exponent of its count", () => {
	expect(figure.x.categories).toEqual([
		...["long warmup, no head", "head counted", "warmup of N tokens", "decay", "tuned rate, batch and β₂"],
	]);
	const counted = figure.table.rows.map((row) => plainText(row[1] as RichText));
	expect(counted).toEqual(["N_\\E", ...Array(4).fill("N_\\E and head")]);
	const ids = plan.runs.map(({ id }) => id);
	const truth = nonEmbeddingExponent(withHead, ids);
	const kaplan = nonEmbeddingExponent(plan, ids);
	for (const stage of [0, 1, 2, 3, 4]) {
		const [estimate] = cells(stage);
		expect(Math.abs(estimate! - (stage === 0 ? kaplan : truth))).toBeLessThan(0.06);
	}
	const held = [1, 2, 3, 4].filter((stage) => cells(stage)[1]! < truth && truth < cells(stage)[2]!);
	expect(held.length).toBeGreaterThanOrEqual(3);
});

test("the largest step is named, and which intervals are separate", () => {
	expect(sentence).toMatch(
		/^The exponent goes from 0\.\d+ \(.*\) to 0\.\d+ \(.*\)\. The largest of 4 steps is “head counted”: from .*\. The intervals before and after are separate at “head counted” only\.$/,
	);
	expect(figure.table.rows.map((row) => plainText(row.at(-1) as RichText))).toEqual(["", "yes", "no", "no", "no"]);
	expect(figure.marks.map(({ kind }) => kind)).toEqual(["bars", "dots", ...Array(5).fill("note")]);
});

test("losses within a long warmup count", () => {
	// A run in its warmup is slow.
	const slow = lawRuns(plan, {
		penalty: ({ schedule, batchSequences, model }, tokens) => {
			const share = tokens / (schedule.warmupSteps * batchSequences * model.context);
			return share < 1 ? 1 + 0.3 * (1 - share) : 1;
		},
	});
	const rows = answer(plan, slow, { resamples: 0 })!.figure.table.rows;
	expect(Math.abs(Number(rows[1]![2]) - Number(rows[2]![2]))).toBeGreaterThan(0.02);
});

test("a stage without runs or exponent is left out of the steps, and said", () => {
	const decay = new Set(plan.arms[2]!.runIds);
	const part = answer(
		plan,
		withDiverged(runs, ({ id }) => decay.has(id)),
		options,
	)!;
	expect(part.sentence).toMatch(/The largest of 3 steps/);
	expect(part.warnings).toContainEqual(expect.stringMatching(/^decay: no exponent, because /));
	expect(part.figure.marks.flatMap((mark) => (mark.kind === "bars" ? mark.bars : []))).toHaveLength(4);
});

test("without runs the figure is empty", () => {
	const none = answer(plan, [], options)!;
	expect(none.sentence).toBe("Fewer than two stages have an exponent.");
	expect(none.figure.marks).toEqual([]);
});
