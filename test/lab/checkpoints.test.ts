import { describe, expect, test } from "vitest";
import { type Gpu, openGpu } from "../../src/gpu/device.ts";
import { type RunStudyOptions, runStudy } from "../../src/lab/run-study.ts";
import { corpusInfo, loadTokenized } from "../../src/node/files/corpora.ts";
import type { Moment, StudyEvent } from "../../src/run/events.ts";
import { runLine } from "../../src/run/run-lines.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { CheckpointStore, RunStore } from "../../src/run/store.ts";
import { FORK_SHARES } from "../../src/study/moments.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import { initialProgress, reduceProgress } from "../../src/study/progress.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { testGpu, testGpuInstance } from "../gpu/open.ts";
import { studyWith } from "../study/fixtures.ts";

const small = {
	corpora: ["sotu"],
	sizes: [{ width: 8, layers: 1, heads: 2 }],
	learningRates: [0.01, 0.02],
	batchSequences: [8],
	validationSequences: 32,
};
const plan = await planStudy(studyWith({ ...small, steps: [300] }), await corpusInfo());
const wsd = { kind: "wsd", warmupSteps: 5, cooldownShare: 0.25 };
const branching = await planStudy(
	studyWith({ ...small, schedules: [wsd, { ...wsd, cooldown: "linear" }], steps: [40, 80] }),
	await corpusInfo(),
);

function memory() {
	const results = new Map<string, RunResult>();
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	const saved: string[] = [];
	const store: RunStore = {
		load: async (ids) => ids.flatMap((id) => results.get(id) ?? []),
		save: async (result) => void results.set(result.id, result),
	};
	const checkpoints: CheckpointStore = {
		load: async (name) => files.get(name),
		async save(name, bytes) {
			await new Promise((resolve) => setTimeout(resolve, 1));
			files.set(name, bytes);
			saved.push(name);
		},
		remove: async (name) => void files.delete(name),
	};
	const lines = (of: Plan) => of.runs.map(({ id }) => runLine(results.get(id)!));
	return { store, checkpoints, results, files, saved, lines };
}

type Memory = ReturnType<typeof memory>;

/** Runs a study to its end or as far as it gets; `onEvent` sees every event as it comes. */
async function run(
	of: Plan,
	{ store, checkpoints }: Memory,
	options: Partial<RunStudyOptions> = {},
	onEvent: (event: StudyEvent) => unknown = () => {},
) {
	const gpu = options.gpu ?? (await testGpu());
	let progress = initialProgress;
	const events: StudyEvent[] = [];
	for await (const event of runStudy({ plan: of, loadTokenized, store, checkpoints, ...options, gpu })) {
		events.push(event);
		progress = reduceProgress(progress, event);
		if ((await onEvent(event)) === "crash") break;
	}
	return { events, progress };
}

/** The first step that each pack's progress reports. */
const firstSteps = (events: StudyEvent[]) =>
	events.flatMap((event, i) => {
		if (event.type !== "pack") return [];
		const next = events.slice(i).find((later) => later.type === "progress");
		return next?.type === "progress" ? [next.runs[0]!.step] : [];
	});

/** What was told of checkpoints that are of no use. */
const discarded = (events: StudyEvent[]) =>
	events.flatMap((event) => (event.type === "discarded" ? [{ ids: event.ids, reason: event.reason }] : []));

/** Changes a kept checkpoint. */
function rewrite({ files }: Memory, name: string, change: Partial<Checkpoint>) {
	files.set(name, encodeCheckpoint({ ...decodeCheckpoint(files.get(name)!), ...change }));
}

const undisturbed = memory();
await run(plan, undisturbed);

describe("a study that ends early continues inside its runs, to the same lines", () => {
	test("after an abort: from the step at hand, and its checkpoints are removed in the end", async () => {
		const kept = memory();
		const abort = new AbortController();
		const stopped = run(plan, kept, { signal: abort.signal }, (event) => {
			if (event.type === "progress") abort.abort(new Error("enough"));
		});
		await expect(stopped).rejects.toThrow("enough");
		expect([...kept.files.keys()].sort()).toEqual(plan.runs.map(({ id }) => id).sort());
		const steps = [...kept.files.values()].map((bytes) => decodeCheckpoint(bytes).step);
		expect(steps[0]).toBeGreaterThan(0);
		const { events, progress } = await run(plan, kept);
		expect(firstSteps(events)).toEqual([steps[0]]);
		expect(kept.lines(plan)).toEqual(undisturbed.lines(plan));
		for (const state of progress.runs) expect(state.curve).toEqual(state.result!.curve);
		expect(kept.files.size).toBe(0);
	});

	test("after a crash: from the last checkpoint that was taken by then", async () => {
		const kept = memory();
		await run(plan, kept, { checkpointEvery: 20 }, () => (kept.saved.length >= 4 ? "crash" : "continue"));
		expect(kept.results.size).toBe(0);
		const { events } = await run(plan, kept);
		expect(firstSteps(events)[0]).toBeGreaterThan(0);
		expect(kept.lines(plan)).toEqual(undisturbed.lines(plan));
	});

	test("a checkpoint that was cut short, or is another adapter's, is as good as none", async () => {
		const kept = memory();
		await run(plan, kept, { checkpointEvery: 20 }, () => (kept.saved.length >= 4 ? "crash" : "continue"));
		const [first, second] = [...kept.files.keys()];
		kept.files.set(first!, kept.files.get(first!)!.slice(0, -100));
		const bytes = kept.files.get(second!)!;
		const text = new TextDecoder("latin1").decode(bytes.slice(0, 200_000));
		const at = text.indexOf('"adapter":"') + '"adapter":"'.length;
		bytes[at] = "?".charCodeAt(0);
		const { events } = await run(plan, kept);
		expect(discarded(events)).toEqual([
			{ ids: [first], reason: expect.stringContaining("safetensors") },
			{ ids: [second], reason: expect.stringMatching(/^it was made on \?.*; adapters round differently$/) },
		]);
		// Both begin again, together.
		expect(events.filter((event) => event.type === "pack").map((event) => event.ids.length)).toEqual([2]);
		expect(kept.lines(plan)).toEqual(undisturbed.lines(plan));
	});

	test("a checkpoint of a variant that no longer exists is ignored, and reported", async () => {
		const kept = memory();
		await run(plan, kept, { checkpointEvery: 20 }, () => (kept.saved.length >= 4 ? "crash" : "continue"));
		const [first, second] = [...kept.files.keys()];
		rewrite(kept, first!, { variants: { "linear.forward": "by hand" } });
		rewrite(kept, second!, { variants: { "linear.sideways": "8x4, 8 lanes" } });
		const { events } = await run(plan, kept);
		expect(discarded(events)).toEqual([
			{ ids: [first], reason: expect.stringMatching(/^linear\.forward: has no variant "by hand"; there are "/) },
			{
				ids: [second],
				reason: expect.stringMatching(/^"linear\.sideways" is not an operation with variants; there are "/),
			},
		]);
		const packs = events.filter((event) => event.type === "pack");
		expect(packs.map(({ ids, from }) => [ids.length, from])).toEqual([[2, undefined]]);
		expect(kept.lines(plan)).toEqual(undisturbed.lines(plan));
	});

	test("a failure to save ends the study, and is reported", async () => {
		const kept = memory();
		kept.checkpoints.save = () => Promise.reject(new Error("disk full"));
		await expect(run(plan, kept, { checkpointEvery: 10 })).rejects.toThrow("disk full");
	});
});

describe("runs that branch off a trunk", () => {
	test("begin from its checkpoint, and give the lines that they give alone", async () => {
		const kept = memory();
		const { events } = await run(branching, kept);
		// The trunk of 80 steps; the other cooldown from 60 of them; both of 40 steps from 30.
		expect(firstSteps(events).map((step, i) => (i === 0 ? 0 : step))).toEqual([0, 30, 60]);
		expect(kept.files.size).toBe(0);
		const alone = memory();
		const unbranched = { ...branching, runs: branching.runs.map(({ id, spec }) => ({ id, spec })) };
		const whole = await run(unbranched, alone);
		expect(firstSteps(whole.events).length).toBe(firstSteps(events).length);
		expect(kept.lines(branching)).toEqual(alone.lines(branching));
	});

	test("after a crash between trunk and branches, they find its checkpoints", async () => {
		const kept = memory();
		await run(branching, kept, {}, () => (kept.results.size === 2 ? "crash" : "continue"));
		expect(kept.files.size).toBeGreaterThanOrEqual(4);
		const { events } = await run(branching, kept);
		expect(firstSteps(events)).toEqual([30, 60]);
		expect(kept.files.size).toBe(0);
	});

	test("with a trunk's checkpoints of a variant that there is no more they train from the start, and say so", async () => {
		const kept = memory();
		await run(branching, kept, {}, () => (kept.results.size === 2 ? "crash" : "continue"));
		for (const name of kept.files.keys()) rewrite(kept, name, { variants: { "linear.backward": "by hand" } });
		const { events } = await run(branching, kept);
		const missing = branching.runs.filter(({ id }) => events.some((e) => e.type === "finished" && e.result.id === id));
		const told = discarded(events);
		expect(told.flatMap(({ ids }) => ids).sort()).toEqual(missing.map(({ id }) => id).sort());
		for (const { reason } of told) expect(reason).toContain('linear.backward: has no variant "by hand"');
		const whole = memory();
		await run(branching, whole);
		expect(kept.lines(branching)).toEqual(whole.lines(branching));
	});

	test("without the trunk's checkpoints they train from the start", async () => {
		const kept = memory();
		await run(branching, kept, {}, () => (kept.results.size === 2 ? "crash" : "continue"));
		kept.files.clear();
		const { events } = await run(branching, kept);
		// Nothing is left to begin from; how far a fast adapter is by its first report says nothing.
		expect(firstSteps(events).length).toBeGreaterThan(0);
		const whole = memory();
		await run(branching, whole);
		expect(kept.lines(branching)).toEqual(whole.lines(branching));
	});
});

describe("moments that are kept", () => {
	const cosine = { kind: "cosine", floor: 0.1, warmupSteps: 5 };
	const constant = { kind: "constant", warmupSteps: 5 };
	const fork = { ...cosine, tail: { afterShare: 0.5, cooldown: "linear" } };
	const decay = { ...constant, kind: "wsd", cooldown: "linear", cooldownShare: 0.4 };
	const planned = async (...schedules: unknown[]) =>
		planStudy(
			studyWith({ ...small, seeds: [1, 2], learningRates: [0.01], ema: 0.9, schedules, steps: [75] }),
			await corpusInfo(),
		);
	/** All steps of all runs that the events report, those before a run's start left out. */
	const trainedSteps = (events: StudyEvent[], of: Plan) => {
		const starts = new Map(
			events.flatMap((event) => (event.type === "pack" ? event.ids.map((id) => [id, event.from ?? 0] as const) : [])),
		);
		return of.runs.reduce((sum, { id, spec }) => sum + (starts.has(id) ? spec.steps - starts.get(id)! : 0), 0);
	};
	function keeping(at: readonly number[] = FORK_SHARES) {
		const kept = memory();
		let moments: Moment[] = [];
		const keep = {
			at,
			kept: {
				list: async () => moments,
				add: async (moment: Moment) => void moments.push(moment),
				remove: async (moment: Moment) => {
					moments = moments.filter((each) => each !== moment);
				},
			},
		};
		const names = () => moments.map(({ parent, step }) => `${parent}-${step}`).sort();
		return { kept, keep, names };
	}

	test("let a trained run be forked: only the tail is trained, to the lines of a fork trained from the start", async () => {
		const { kept, keep, names } = keeping();
		const trunks = await planned(cosine, constant);
		await run(trunks, kept, { keep });
		expect([...kept.files.keys()].sort()).toEqual(names());
		expect(names()).toHaveLength(4 * 9);
		// 37 is what is left of 75 steps when 37.5, rounded, are to come; 45 is where a decay of 40 % begins.
		const steps = new Set(names().map((name) => Number(name.split("-")[1])));
		expect([...steps].sort((a, b) => a - b)).toEqual([7, 15, 22, 30, 37, 45, 52, 60, 67]);
		const forked = await planned(cosine, constant, fork, decay);
		const { events, progress } = await run(forked, kept, { keep });
		expect(trainedSteps(events, forked)).toBe(2 * (75 - 37) + 2 * (75 - 45));
		// Each moment is still there, and the forks have left nothing else but the decay's own moments.
		expect([...kept.files.keys()].sort()).toEqual(names());
		expect(names()).toHaveLength(4 * 9 + 2 * 3);
		const alone = memory();
		const unbranched = { ...forked, runs: forked.runs.map(({ id, spec }) => ({ id, spec })) };
		const whole = await run(unbranched, alone);
		expect(trainedSteps(whole.events, unbranched)).toBe(8 * 75);
		expect(kept.lines(forked)).toEqual(alone.lines(forked));
		for (const state of progress.runs) expect(state.curve).toEqual(state.result!.curve);
	});

	test("are removed when a study without their runs begins to keep some, and by no other study", async () => {
		const { kept, keep, names } = keeping([0.5]);
		await run(await planned(cosine), kept, { keep });
		const before = names();
		await run(await planned(constant), kept);
		expect([...kept.files.keys()].sort()).toEqual(before);
		await run(await planned(cosine, constant), kept, { keep });
		expect([...kept.files.keys()].sort()).toEqual(before);
		const linear = await planned({ ...cosine, kind: "linear" });
		await run(linear, kept, { keep });
		expect([...kept.files.keys()].sort()).toEqual(names());
		expect(names()).toEqual(linear.runs.map(({ id }) => `${id}-37`).sort());
	});

	test("are complete after a crash in the middle", async () => {
		const trunks = await planned(cosine);
		const { kept, keep, names } = keeping();
		await run(trunks, kept, { keep, checkpointEvery: 5 }, () => (names().length >= 6 ? "crash" : "continue"));
		expect(kept.results.size).toBe(0);
		await run(trunks, kept, { keep });
		expect(names()).toHaveLength(2 * 9);
		expect([...kept.files.keys()].sort()).toEqual(names());
	});
});

describe("a device that is lost while it trains", () => {
	test("is replaced, and the study continues from the last checkpoint to the same lines", async () => {
		const kept = memory();
		const instance = testGpuInstance();
		const gpus: Gpu[] = [await openGpu(instance)];
		const reopen = async () => {
			gpus.push(await openGpu(instance));
			return gpus.at(-1)!;
		};
		const { events, progress } = await run(plan, kept, { gpu: gpus[0]!, reopen, checkpointEvery: 20 }, (event) => {
			if (event.type === "progress" && kept.saved.length >= 2 * gpus.length && gpus.length <= 2)
				gpus.at(-1)!.device.destroy();
		});
		expect(events.filter((event) => event.type === "recovered").length).toBe(2);
		expect(
			firstSteps(events)
				.slice(1)
				.every((step) => step > 0),
		).toBe(true);
		expect(kept.lines(plan)).toEqual(undisturbed.lines(plan));
		expect(progress.phase).toBe("done");
		gpus.at(-1)!.device.destroy();
	});
});
