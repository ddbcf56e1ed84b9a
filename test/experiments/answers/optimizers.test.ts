import { expect, test } from "vitest";
import { answer } from "../../../src/experiments/answers.ts";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import type { RunSpec } from "../../../src/run/run-spec.ts";
import type { Plan } from "../../../src/study/plan.ts";
import { planOf, planOfPreset, resultsOf, withCurves } from "../fixtures.ts";

const plan = await planOfPreset("optimizers");
const END = plan.runs[0]!.spec.steps * 128;

/** Each optimizer's share of AdamW's tokens to the same loss, and its best rate. SGD ends above AdamW. */
const TRUTH: Record<string, { share: number; rate: number }> = {
	adamw: { share: 1, rate: 0.003 },
	lion: { share: 0.8, rate: 0.0005 },
	sgd: { share: 2, rate: 0.5 },
	muon: { share: 0.5, rate: 0.006 },
};
const truthOf = ({ optimizer }: RunSpec) => TRUTH[optimizer.kind]!;

function lossAt(spec: RunSpec, tokens: number): number {
	const { share, rate } = truthOf(spec);
	const worse = 0.02 * Math.log2(spec.optimizer.learningRate / rate) ** 2;
	return 3 * (tokens / share / END) ** -0.1 * (1 + worse);
}

/** Noise moves a run's final loss and its whole curve together. */
function study(of: Plan, noise = 0, seed = 1): RunResult[] {
	const results = resultsOf(of, (spec) => lossAt(spec, END), noise, seed);
	const moved = new Map(results.map(({ spec, validationLoss }) => [spec, validationLoss! / lossAt(spec, END)]));
	return withCurves(results, (spec, tokens) => lossAt(spec, tokens) * moved.get(spec)!);
}

const row = (found: ReturnType<typeof answer>, name: string) =>
	found!.figure.table.rows.filter((cells) => JSON.stringify(cells[0]).includes(name)).map((cells) => cells.slice(2));

test("the loss, the difference from AdamW, and the share of its tokens", () => {
	const found = answer(plan, study(plan));
	const loss = (share: number) => 3 * share ** 0.1;
	expect(row(found, "AdamW")).toEqual([[0.003, ...Array(3).fill(expect.closeTo(3, 9)), ...Array(6).fill(null)]]);
	const lion = row(found, "Lion")[0]!;
	expect(lion[0]).toBe(0.0005);
	expect(lion[1]).toBeCloseTo(loss(0.8), 9);
	expect(lion[4]).toBeCloseTo(loss(0.8) - 3, 9);
	expect(lion[7]).toBeCloseTo(0.8, 1);
	expect(row(found, "SGD")[0]!.slice(7)).toEqual([null, null, null]);
	expect(found!.sentence).toMatch(
		/^With width 24, 3 layers, SGD with momentum does not reach AdamW's final loss and ends 0\.21/,
	);
	expect(found!.sentence).toMatch(
		/Lion reaches AdamW's final loss with 0\.[78]\d+ \(0\.[78]\d+ to 0\.[78]\d+\) of its tokens and ends 0\.06/,
	);
	expect(found!.warnings).toEqual([]);
});

test("intervals of the difference and of the share of tokens hold the truth in about nine of ten studies", () => {
	let differences = 0;
	let shares = 0;
	const studies = 150;
	for (let i = 0; i < studies; i++) {
		const [lion] = row(answer(plan, study(plan, 0.004, i), { resamples: 200 }), "Lion");
		const truth = 3 * 0.8 ** 0.1 - 3;
		if ((lion![5] as number) <= truth && truth <= (lion![6] as number)) differences++;
		if ((lion![8] as number) <= 0.8 && 0.8 <= (lion![9] as number)) shares++;
	}
	for (const inside of [differences, shares]) {
		expect(inside / studies).toBeGreaterThan(0.83);
		expect(inside / studies).toBeLessThan(0.97);
	}
});

test("another arm needs nothing but its entry in the study", async () => {
	const { study: document } = presetNamed("optimizers")!;
	const arms = [...document.arms!, { name: "AdamW without decay", weightDecay: 0 }];
	const more = await planOf({ ...document, arms });
	const found = answer(more, study(more));
	expect(row(found, "without decay")[0]!.slice(4, 5)).toEqual([expect.closeTo(0, 9)]);
	expect(found!.figure.legend.map(({ series }) => series)).toEqual(arms.map(({ name }) => name));
});

test("a diverged seed makes a rate no candidate; a best rate at the edge is said", () => {
	const results = study(plan).map((run) =>
		run.spec.optimizer.kind === "adamw" && run.spec.optimizer.learningRate === 0.003 && run.spec.seed === 1
			? { ...run, status: "diverged" as const, validationLoss: null }
			: run,
	);
	const found = answer(plan, results);
	expect([0.0015, 0.006]).toContain(row(found, "AdamW")[0]![0]);
	expect(found!.warnings.at(-1)).toBe(
		"Runs diverged (AdamW: 1); a learning rate at which one did is not taken as the best.",
	);
	const low = answer(
		plan,
		resultsOf(plan, ({ optimizer }) => 3 + optimizer.learningRate),
	);
	expect(low!.warnings[0]).toMatch(
		/\(SGD with momentum, width 24: 0\.125; AdamW, width 24: 0\.0015; Muon, width 24: 0\.003; Lion, width 24: 0\.00025/,
	);
});

test("a study still training, one seed, or no runs", () => {
	const results = study(plan, 0.004);
	for (let count = 1; count < results.length; count += 3) answer(plan, results.slice(0, count), { resamples: 20 });
	const lion = answer(
		plan,
		results.filter(({ spec }) => spec.optimizer.kind === "lion"),
	)!;
	expect(lion.sentence).toMatch(/^There is nothing to compare with AdamW; the lowest loss so far is 2\.9/);
	const one = answer(
		plan,
		results.filter(({ spec }) => spec.seed === 1),
	)!;
	expect(one.sentence).toContain(" (no interval) of its tokens");
	const none = answer(plan, [])!;
	expect(none.sentence).toBe("No optimizer has finished runs.");
	expect(none.figure.marks).toEqual([]);
});
