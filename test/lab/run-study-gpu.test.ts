import { expect, test } from "vitest";
import { runStudy } from "../../src/lab/run-study.ts";
import { corpusInfo, loadTokenized } from "../../src/node/files/corpora.ts";
import type { StudyEvent } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunStore } from "../../src/run/store.ts";
import { planStudy } from "../../src/study/planner.ts";
import { initialProgress, reduceProgress } from "../../src/study/progress.ts";
import { testGpu } from "../gpu/open.ts";
import { studyWith } from "../study/fixtures.ts";

test("a study trains on the adapter: real text, real losses, what the reducer makes of it", async () => {
	const gpu = await testGpu();
	const study = studyWith({
		corpora: ["sotu"],
		sizes: [
			{ width: 8, layers: 1, heads: 2 },
			{ width: 12, layers: 2, heads: 3 },
		],
		learningRates: [0.01, 0.02],
		steps: [60],
		validationSequences: 32,
	});
	const plan = await planStudy(study, await corpusInfo());
	const saved: RunResult[] = [];
	const store: RunStore = { load: async () => [], save: async (result) => void saved.push(result) };
	const events: StudyEvent[] = [];
	let progress = initialProgress;
	for await (const event of runStudy({ gpu, plan, loadTokenized, store })) {
		events.push(event);
		progress = reduceProgress(progress, event);
	}
	expect(events.at(-1)).toEqual({ type: "done" });
	expect(saved.map((result) => result.id)).toEqual(plan.runs.map((run) => run.id));
	for (const [i, result] of saved.entries()) {
		expect(result).toMatchObject({ status: "finished", adapter: gpu.name, tokens: 60 * 512, spec: plan.runs[i]!.spec });
		// An untrained model knows nothing (ln 256); after 60 steps the letters' frequencies, about 3 nats, are in reach.
		expect(result.curve.loss[0]).toBeGreaterThan(5.4);
		expect(result.curve.loss.at(-1)).toBeLessThan(4);
		expect(result.validationLoss).toBeLessThan(4);
		expect(progress.runs[i]!.curve).toEqual(result.curve);
	}
	expect(progress).toMatchObject({ phase: "done", share: 1 });
	expect(progress.trained.seconds).toBeGreaterThan(0);
});
