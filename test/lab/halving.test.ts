import { expect, test } from "vitest";
import { type RunStudyOptions, runStudy } from "../../src/lab/run-study.ts";
import { corpusInfo, loadTokenized } from "../../src/node/files/corpora.ts";
import type { StudyEvent } from "../../src/run/events.ts";
import { runLine } from "../../src/run/run-lines.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { CheckpointStore, RunStore } from "../../src/run/store.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import { initialProgress, reduceProgress } from "../../src/study/progress.ts";
import { testGpu } from "../gpu/open.ts";
import { studyWith } from "../study/fixtures.ts";

/** From far too low to good ones, and one that diverges: its weight decay turns weights around and makes them larger. */
const RATES = [1e-5, 1e-4, 1e-3, 0.01, 0.03, 10];
const STEPS = 160;

const fields = {
	...{ corpora: ["sotu"], sizes: [{ width: 8, layers: 1, heads: 2 }], batchSequences: [8], validationSequences: 32 },
	...{ learningRates: RATES, seeds: [1, 2], steps: [STEPS], weightDecay: 0.5 },
};
const info = await corpusInfo();
const halved = await planStudy(studyWith({ ...fields, halving: { at: [0.25, 0.5] } }), info);
const whole = await planStudy(studyWith(fields), info);

function memory() {
	const results = new Map<string, RunResult>();
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	const store: RunStore = {
		load: async (ids) => ids.flatMap((id) => results.get(id) ?? []),
		save: async (result) => void results.set(result.id, result),
	};
	const checkpoints: CheckpointStore = {
		load: async (name) => files.get(name),
		save: async (name, bytes) => void files.set(name, bytes),
		remove: async (name) => void files.delete(name),
	};
	return { store, checkpoints, results, files, lines: () => whole.runs.map(({ id }) => runLine(results.get(id)!)) };
}

/** Runs a study until `onEvent` says "crash", or to its end. */
async function run(
	plan: Plan,
	{ store, checkpoints }: ReturnType<typeof memory>,
	onEvent: (event: StudyEvent) => unknown = () => {},
	options: Partial<RunStudyOptions> = {},
) {
	let progress = initialProgress;
	const packs: number[] = [];
	for await (const event of runStudy({ gpu: await testGpu(), plan, loadTokenized, store, checkpoints, ...options })) {
		if (event.type === "pack") packs.push(event.ids.length);
		progress = reduceProgress(progress, event);
		if (onEvent(event) === "crash") break;
	}
	return { progress, packs };
}

const full = memory();
await run(whole, full);
const undisturbed = memory();
const { progress, packs } = await run(halved, undisturbed);
const results = halved.runs.map(({ id }) => undisturbed.results.get(id)!);
const rateOf = ({ spec }: RunResult) => spec.optimizer.learningRate;
const stopped = results.filter(({ status }) => status === "stopped");

test("rates that are clearly behind are stopped at the decisions, and say so; packs become smaller", () => {
	expect(new Set(stopped.map(rateOf))).toEqual(new Set([1e-5, 1e-4, 1e-3]));
	for (const result of stopped) {
		const { step, bestRate, behind } = result.stopped!;
		expect([40, 80]).toContain(step);
		expect([0.01, 0.03]).toContain(bestRate);
		expect(behind).toBeGreaterThan(0.05);
		expect(result).toMatchObject({ tokens: step * 128, validationLoss: null });
	}
	expect(packs[0]).toBe(2 * RATES.length);
	expect(packs.at(-1)).toBe(results.filter(({ status }) => status === "finished").length);
	expect(progress).toMatchObject({ phase: "done", share: 1 });
	for (const state of progress.runs) expect(state.curve).toEqual(state.result!.curve);
});

test("a stopped run's curve is the beginning of what it would have been; the others are what they are without halving", () => {
	for (const result of results) {
		const other = full.results.get(result.id)!;
		if (result.status !== "stopped") expect(runLine(result)).toBe(runLine(other));
		else {
			const { length } = result.curve.loss;
			expect(length).toBeGreaterThan(10);
			expect(result.curve.loss).toEqual(other.curve.loss.slice(0, length));
			expect(result.curve.tokens).toEqual(other.curve.tokens.slice(0, length));
		}
	}
	expect(results.filter(({ status }) => status === "diverged").map(rateOf)).toEqual([10, 10]);
});

test.each([1, 3, 5, 8])("interrupted at event %s of a kind and run again, it decides the same", async (turn) => {
	for (const kind of ["progress", "finished", "pack"] as const) {
		const kept = memory();
		let seen = 0;
		const stopAt = (event: StudyEvent) => (event.type === kind && ++seen === turn ? "crash" : "go on");
		await run(halved, kept, stopAt, { checkpointEvery: 1 });
		await run(halved, kept);
		expect(kept.lines()).toEqual(undisturbed.lines());
		expect(kept.files.size).toBe(0);
	}
});

test("without a place for checkpoints it is the same", async () => {
	const kept = memory();
	const events: StudyEvent[] = [];
	for await (const event of runStudy({ gpu: await testGpu(), plan: halved, loadTokenized, store: kept.store }))
		events.push(event);
	expect(events.at(-1)).toEqual({ type: "done" });
	expect(kept.lines()).toEqual(undisturbed.lines());
});

test("a study without halving trains the stopped runs to their end, and only them", async () => {
	const kept = memory();
	for (const result of results) kept.results.set(result.id, result);
	const { packs } = await run(whole, kept);
	expect(packs).toEqual([stopped.length]);
	expect(kept.lines()).toEqual(full.lines());
	const again = await run(halved, kept);
	expect(again.packs).toEqual([]);
	expect(kept.lines()).toEqual(full.lines());
});
