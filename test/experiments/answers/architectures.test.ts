import { expect, test } from "vitest";
import { parameterCounts } from "../../../src/architecture/size.ts";
import { answer } from "../../../src/experiments/answers.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { planOfPreset, resultsOf } from "../fixtures.ts";

const plan = await planOfPreset("architectures");

/** L = 5·N^−0.05 for all but the models without positions: 3 percent more at N = 5,000, with a slope of −0.03. */
function loss({ model, optimizer }: RunSpec): number {
	const { nonEmbedding } = parameterCounts(model);
	const weak = "positions" in model && model.positions === "none";
	const slope = weak ? -0.03 : -0.05;
	// The middle of the rates that each arm has.
	const best = model.architecture === "lstm" ? 0.012 : 0.003;
	const level = 5 * 5000 ** -0.05 * (weak ? 1.03 : 1);
	return level * (nonEmbedding / 5000) ** slope * (optimizer.learningRate === best ? 1 : 1.02);
}

const NAMES = plan.arms.map(({ name }) => name);
const rowsOf = (found: ReturnType<typeof answer>, name: string) =>
	found!.figure.table.rows.filter(([text]) => JSON.stringify(text).includes(`"${name}"`));

test("the slope of each architecture and its level against the first one's", () => {
	const found = answer(plan, resultsOf(plan, loss));
	for (const name of NAMES) {
		const rows = rowsOf(found, name);
		expect(rows.length, name).toBe(3);
		for (const row of rows) {
			const weak = name === "no positions";
			expect(row[8]).toBeCloseTo(weak ? -0.03 : -0.05, 9);
			if (name === "GPT-2") expect(row.slice(11)).toEqual([null, null, null]);
			else if (!weak) expect(row[11]).toBeCloseTo(0, 9);
		}
	}
	expect(found!.sentence).toMatch(
		/^The slope of ln L against ln N_\\E is −0\.05000 \(−0\.05000 to −0\.05000\) for GPT-2, /,
	);
	expect(found!.sentence).toMatch(
		/ Against GPT-2 at equal N_\\E, the loss is .* percent higher with no positions and .* with LSTM\.$/,
	);
	expect(found!.warnings).toEqual([]);
});

test("intervals of slopes and offsets hold the truth in about nine of ten studies", () => {
	const inside = { slope: 0, offset: 0 };
	const studies = 150;
	for (let i = 0; i < studies; i++) {
		const [llama] = rowsOf(answer(plan, resultsOf(plan, loss, 0.004, i), { resamples: 200 }), "Llama");
		const [, slopeLow, slopeHigh, , offsetLow, offsetHigh] = llama!.slice(8) as number[];
		if (slopeLow! <= -0.05 && slopeHigh! >= -0.05) inside.slope++;
		if (offsetLow! <= 0 && offsetHigh! >= 0) inside.offset++;
	}
	for (const count of Object.values(inside)) {
		expect(count / studies).toBeGreaterThan(0.83);
		expect(count / studies).toBeLessThan(0.97);
	}
});

test("a study still training, diverged runs, one seed, or no runs", () => {
	const results = resultsOf(plan, loss, 0.004);
	for (let count = 1; count < results.length; count += 5) answer(plan, results.slice(0, count), { resamples: 20 });
	const ofFirst = results.filter(({ id }) => plan.arms[0]!.runIds.includes(id));
	const one = answer(
		plan,
		ofFirst.filter(({ spec }) => spec.seed === 1),
	)!;
	expect(one.sentence).toMatch(/^The slope of ln L against ln N_\\E is −0\.0\d+ \(no interval\) for GPT-2\.$/);
	const diverged = ofFirst.map((run) => ({ ...run, status: "diverged" as const, validationLoss: null }));
	for (const runs of [[], diverged]) {
		const none = answer(plan, runs)!;
		expect(none.sentence).toBe("No architecture has finished runs of two sizes.");
		expect(none.figure.table.rows).toEqual([]);
		expect(none.figure.marks.flatMap((mark) => (mark.kind === "dots" ? mark.points : []))).toEqual([]);
	}
});
