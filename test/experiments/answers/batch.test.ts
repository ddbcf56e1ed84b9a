import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import { criticalBatch } from "../../../src/theory/kaplan.ts";
import { planOfPreset, resultsOf, withCurves } from "../fixtures.ts";

const plan = await planOfPreset("batch");
const B_CRIT = 800;

const batchOf = ({ batchSequences, model }: RunSpec) => batchSequences * model.context;

/** E = E_min·(1 + B/B_crit) at the best rate, .004 for all; L = 8·E_min^−0.06. Noise is in ln E, of each run. */
function study(noise = 0, seed = 1): RunResult[] {
	const shifts = new Map(plan.runs.map(({ spec }, i) => [spec, noise * normal(randomKey(seed, "shift"), i)]));
	return withCurves(
		resultsOf(plan, () => 4),
		(spec, tokens) => {
			const slower = 1 + 0.2 * Math.abs(Math.log2(spec.optimizer.learningRate / 0.004));
			const least = tokens / (1 + batchOf(spec) / B_CRIT) / slower / Math.exp(shifts.get(spec)!);
			return 8 * least ** -0.06;
		},
	);
}

const column = (found: ReturnType<typeof answer>, id: string) => {
	const { columns, rows } = found!.figure.table;
	return rows.map((row) => row[columns.findIndex((each) => each.id === id)] as number);
};

test("S_min, E_min and B_crit at each loss", () => {
	const found = answer(plan, study());
	const losses = column(found, "loss");
	expect(losses.length).toBe(3);
	for (const [i, loss] of losses.entries()) {
		const least = (8 / loss) ** (1 / 0.06);
		expect(column(found, "b_crit")[i]! / B_CRIT).toBeCloseTo(1, 2);
		expect(column(found, "e_min")[i]! / least).toBeCloseTo(1, 2);
		expect(column(found, "s_min")[i]! / (least / B_CRIT)).toBeCloseTo(1, 2);
		expect(column(found, "batches")[i]).toBeGreaterThanOrEqual(5);
	}
	expect(found!.sentence).toMatch(/^With width 16, 2 layers, the critical batch size in tokens is (80\d|79\d) \(/);
	expect(found!.sentence).toContain(`${Math.round(Math.min(...losses.map(criticalBatch)) / 1000)}k to`);
	expect(found!.figure.marks.filter(({ kind }) => kind === "line").length).toBe(3);
	expect(column(found, "noise_scale")).toEqual([null, null, null]);
});

test("its 90 % interval holds B_crit in about nine of ten studies", () => {
	let inside = 0;
	const studies = 100;
	for (let i = 0; i < studies; i++) {
		const found = answer(plan, study(0.1, i), { resamples: 20 });
		const low = column(found, "b_crit_low").at(-1)!;
		const high = column(found, "b_crit_high").at(-1)!;
		if (low <= B_CRIT && high >= B_CRIT) inside++;
	}
	expect(inside / studies).toBeGreaterThan(0.82);
	expect(inside / studies).toBeLessThan(0.98);
});

test("a best rate at the edge of those tried is said, once for each batch size", () => {
	const { warnings } = answer(plan, study())!;
	expect(warnings).toEqual([expect.stringMatching(/\(8192 tokens: 0\.004\)\.$/)]);
});

test("the noise scale is that of the runs that measure it, when they reach the loss", () => {
	const results = study().map((run) => {
		const measures = batchOf(run.spec) === 8192;
		const scales = run.curve.loss.map((loss) => 1000 * (6 - loss));
		return measures ? { ...run, measurements: { ...run.measurements, noiseScale: scales } } : run;
	});
	const found = answer(plan, results);
	const scales = column(found, "noise_scale");
	expect(scales[0]! / (1000 * (6 - column(found, "loss")[0]!))).toBeCloseTo(1, 1);
	// The largest batch, which alone measures it, does not reach the lowest loss.
	expect(scales[2]).toBe(null);
});

test("a study still training, diverged runs, one seed, or no runs", () => {
	const results = study(0.05);
	for (let count = 1; count < results.length; count += 9) answer(plan, results.slice(0, count), { resamples: 20 });
	const one = answer(
		plan,
		results.filter(({ spec }) => spec.seed === 1),
	)!;
	expect(column(one, "b_crit").length).toBe(3);
	const diverged = results.map((run) => ({ ...run, status: "diverged" as const, validationLoss: null }));
	for (const runs of [[], diverged, results.slice(0, 2)]) {
		const none = answer(plan, runs)!;
		expect(none.sentence).toBe("The runs determine no critical batch size.");
		expect(none.figure.marks).toEqual([]);
	}
});
