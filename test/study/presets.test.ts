import { describe, expect, test } from "vitest";
import type { CorpusInfo } from "../../src/data/corpus.ts";
import { LAPTOP_GPU, secondsFor } from "../../src/study/cost.ts";
import { parseStudy } from "../../src/study/parse-study.ts";
import { planStudy } from "../../src/study/planner.ts";
import { presets } from "../../src/study/presets.ts";

// The size of the real corpus; the hash does not matter here.
const corpora: CorpusInfo[] = [
	{ id: "sotu", title: "", hash: "0".repeat(64), trainBytes: 10_100_000, bytes: 10_800_000 },
];
const planOf = (id: string) => planStudy(presets.find((preset) => preset.id === id)!.study, corpora);
const decades = (values: number[]) => Math.log10(Math.max(...values) / Math.min(...values));

test.each(presets.map((preset) => [preset.id, preset] as const))(
	"%s is a valid document and says what it is",
	(id, preset) => {
		expect(parseStudy(JSON.stringify(preset.study))).toEqual(preset.study);
		expect(preset.study.name).toBe(id);
		expect(preset.title).not.toBe("");
		expect(preset.description.length).toBeGreaterThan(100);
	},
);

test.each(["smoke", "minute", "reconcile"])("%s needs no warning", async (id) => {
	expect((await planOf(id)).warnings).toEqual([]);
});

test("smoke is about a minute of a software adapter", async () => {
	const { totals } = await planOf("smoke");
	expect(secondsFor(totals.cost, { flopsPerSecond: 4e9, secondsPerDispatch: 20e-6 })).toBeLessThan(60);
});

test("minute is about a minute of a laptop", async () => {
	expect(secondsFor((await planOf("minute")).totals.cost, LAPTOP_GPU)).toBeLessThan(90);
});

describe("reconcile", () => {
	test("spans more decades of non-embedding parameters than of total ones", async () => {
		const plan = await planOf("reconcile");
		const runs = Object.values(plan.perRun);
		const nonEmbedding = decades(runs.map((run) => run.parameters.nonEmbedding));
		expect(nonEmbedding).toBeGreaterThan(1.5);
		expect(decades(runs.map((run) => run.parameters.total))).toBeLessThan(0.6 * nonEmbedding);
		expect(plan.runs.length).toBe(5 * 3 * 3);
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
