import { describe, expect, it } from "vitest";
import type { CorpusInfo } from "../../../../src/data/corpus.ts";
import { presets } from "../../../../src/experiments/experiments.ts";
import type { Plan } from "../../../../src/study/plan.ts";
import { planStudy } from "../../../../src/study/planner.ts";
import { predictPlan } from "../../../../src/study/prediction.ts";
import type { Study } from "../../../../src/study/study.ts";
import { EPOCH } from "../../../../src/theory/specifications.ts";
import { expectationOf, overlayOf, readStudy } from "../../../../src/ui/pages/theory/study-reading.ts";
import { analysis } from "../../charts/five-sizes.ts";

const TEXT = { title: "A text", hash: "aa".repeat(32), trainBytes: 9_900_000, bytes: 10_500_000 };
const CORPORA: CorpusInfo[] = ["sotu", "state-of-the-union"].map((id) => ({ id, ...TEXT }));
const reconcile = presets.find(({ id }) => id === "reconcile")!.study;
const plan = async (change: Partial<Study> = {}): Promise<Plan> => planStudy({ ...reconcile, ...change }, CORPORA);

describe("a study's plan", () => {
	it("gives ω and δ, sizes and budgets", async () => {
		const read = await plan();
		const { sizes, embedding, ranges, name, vocabulary } = readStudy(read);
		const [prediction] = predictPlan(read, EPOCH.law);
		expect([name, vocabulary]).toEqual(["reconcile", 2048]);
		expect(sizes).toEqual(prediction!.sizes.map(({ total, nonEmbedding }) => ({ total, nonEmbedding })));
		expect(embedding).toMatchObject({ ...prediction!.embedding, method: "log-total", fixedDelta: false });
		expect(10 ** ranges.sizes.from).toBeCloseTo(sizes[0]!.nonEmbedding, -1);
		for (const count of ["total", "nonEmbedding"] as const) {
			const flops = Object.values(read.perRun).map((run) => Math.log10(run.flops[count]));
			expect(ranges.flops[count].from).toBeCloseTo(Math.min(...flops), 3);
			expect(ranges.flops[count].to).toBeCloseTo(Math.max(...flops), 3);
		}
	});

	it("with two sizes keeps δ at 1/3", async () => {
		const { embedding, sizes } = readStudy(await plan({ sizes: reconcile.sizes.slice(0, 2) }));
		expect(sizes).toHaveLength(2);
		expect(embedding).toMatchObject({ delta: 1 / 3, fixedDelta: true });
	});

	it("with several vocabularies reads that of most sizes, the first of equals", async () => {
		const { vocabulary, sizes } = readStudy(await plan({ vocabularies: [512, 2048] }));
		expect(vocabulary).toBe(512);
		expect(sizes).toHaveLength(4);
	});

	it("with one size has no range", async () => {
		const one = await plan({ sizes: reconcile.sizes.slice(0, 1) });
		expect(() => readStudy(one)).toThrow(new RangeError("this study has 1 size; a range of sizes needs two"));
	});
});

describe("what a law says of it", () => {
	it("is a simulated exponent, and the one without a limit on budgets, as for a plan", async () => {
		const read = await plan();
		const { total, nonEmbedding } = expectationOf(EPOCH.law, readStudy(read));
		const [prediction] = predictPlan(read, EPOCH.law);
		expect(total.unlimited).toBe(prediction!.total.continuous);
		expect(nonEmbedding.unlimited).toBeCloseTo(prediction!.nonEmbedding.continuous!, 9);
		expect(total.simulated).toBeCloseTo(0.52, 1);
		// Its budgets end before the larger sizes are best.
		expect(nonEmbedding.simulated).toBeLessThan(0.7);
		expect(nonEmbedding.simulated).toBeGreaterThan(0.4);
	});

	it("is nothing for constants beyond all numbers", async () => {
		const { nonEmbedding } = expectationOf({ ...EPOCH.law, alpha: 5, beta: 0.001 }, readStudy(await plan()));
		expect(nonEmbedding.unlimited).toBeNull();
	});
});

describe("what is laid over the figures", () => {
	it("is the study's sizes, frontier and envelope", async () => {
		const overlay = overlayOf(await plan(), analysis)!;
		expect(overlay).toMatchObject({ name: "reconcile", sizes: readStudy(await plan()).sizes });
		for (const count of ["total", "nonEmbedding"] as const) {
			const { frontier, envelope } = analysis.conventions[count];
			expect(overlay.envelope[count]).toBe(envelope);
			expect(overlay.frontier[count].flops).toEqual(frontier.map(({ flops }) => flops));
			expect(overlay.frontier[count].parameters).toEqual(frontier.map(({ parameters }) => parameters));
		}
	});

	it("is nothing before there is a frontier", async () => {
		const { total, nonEmbedding } = analysis.conventions;
		const conventions = { total: { ...total, frontier: [] }, nonEmbedding: { ...nonEmbedding, frontier: [] } };
		expect(overlayOf(await plan(), { ...analysis, conventions })).toBeNull();
	});
});
