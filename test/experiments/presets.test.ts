import { describe, expect, test } from "vitest";
import { experimentOf, experiments, presets } from "../../src/experiments/experiments.ts";
import { LAPTOP_GPU, secondsFor } from "../../src/study/cost.ts";
import { EXPERIMENT_IDS } from "../../src/study/experiment-ids.ts";
import { parseStudy } from "../../src/study/parse-study.ts";
import { planOfPreset as planOf } from "./fixtures.ts";

const decades = (values: number[]) => Math.log10(Math.max(...values) / Math.min(...values));

test.each(presets.map((preset) => [preset.id, preset] as const))(
	"%s is a valid document and says what it is",
	(id, preset) => {
		expect(parseStudy(JSON.stringify(preset.study))).toEqual(preset.study);
		expect(preset.study).toMatchObject({ name: id, experiment: experimentOf(preset).id });
		expect(preset.title).not.toBe("");
		expect(preset.description.length).toBeGreaterThan(50);
	},
);

test("every experiment is there once, with its question, its source and what was found", () => {
	expect(experiments.map(({ id }) => id).sort()).toEqual([...EXPERIMENT_IDS].sort());
	expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
	for (const { id, title, question, source, found, limits } of experiments) {
		expect(question, id).toMatch(/^[A-Z].*\?$/);
		expect(source, id).toMatch(/(19|20)\d\d/);
		for (const text of [found, limits]) expect(text, id).toMatch(/^[A-Z].{40,}\.$/);
		expect(title, id).not.toBe("");
	}
});

const others = experiments.filter(({ id }) => id !== "reconcile");

test.each(others.map(({ id, presets }) => [id, presets] as const))("%s grows from quick to full", async (id, sizes) => {
	expect(sizes.map((preset) => preset.id)).toEqual([id, `${id}-class`, `${id}-full`]);
	const flops = [];
	for (const preset of sizes) flops.push((await planOf(preset.id)).totals.flops.total);
	expect(flops[0]).toBeLessThanOrEqual(1e13);
	for (const [i, value] of flops.slice(1).entries()) expect(value).toBeGreaterThan(3 * flops[i]!);
});

test("only larger sizes of an experiment repeat text without being asked to", async () => {
	for (const { presets } of others)
		for (const warning of (await planOf(presets[0]!.id)).warnings)
			expect(warning).toMatch(/^Muon's Newton–Schulz iterations take up to \d+\s?% as much arithmetic as the model/);
});

test.each(["smoke", "minute", "reconcile"])("%s needs no warning", async (id) => {
	expect((await planOf(id)).warnings).toEqual([]);
});

test("smoke is about a minute of a software adapter", async () => {
	const { totals } = await planOf("smoke");
	expect(secondsFor(totals.cost, { flopsPerSecond: 4e9, secondsPerDispatch: 20e-6 })).toBeLessThan(60);
});

test("minute is about a minute of a laptop", async () => {
	expect(secondsFor((await planOf("minute")).totals.cost, LAPTOP_GPU)).toBeLessThan(100);
});

describe("reconcile", () => {
	test("spans more decades of non-embedding parameters than of total ones", async () => {
		const plan = await planOf("reconcile");
		const runs = Object.values(plan.perRun);
		const nonEmbedding = decades(runs.map((run) => run.parameters.nonEmbedding));
		expect(nonEmbedding).toBeGreaterThan(1.5);
		expect(decades(runs.map((run) => run.parameters.total))).toBeLessThan(0.6 * nonEmbedding);
		expect(plan.runs.length).toBe(4 * 3 * 3);
	});

	test("is tens of minutes of a laptop at most", async () => {
		expect(secondsFor((await planOf("reconcile")).totals.cost, LAPTOP_GPU)).toBeLessThan(40 * 60);
	});
});

test("paper is the paper's experiment", async () => {
	const plan = await planOf("paper");
	const sizes = [...new Set(Object.values(plan.perRun).map((run) => run.parameters.total))];
	for (const [i, millions] of [0.8, 1.6, 2.1, 3.3, 4.6].entries())
		expect(Math.abs(sizes[i]! / (millions * 1e6) - 1)).toBeLessThan(0.03);
	for (const { spec } of plan.runs) {
		expect(spec.batchSequences * spec.model.context).toBe(65_536);
		expect(spec.model).toMatchObject({ vocabulary: 50257, context: 16 });
		expect(spec.schedule.kind).toBe("constant");
	}
	expect(Math.min(...plan.runs.map((run) => run.spec.steps))).toBe(4000);
	expect(Math.max(...plan.runs.map((run) => run.spec.steps))).toBe(8000);
	expect(plan.warnings).toEqual([expect.stringMatching(/^Runs repeat the corpus "sotu" up to \d+ times/)]);
});
