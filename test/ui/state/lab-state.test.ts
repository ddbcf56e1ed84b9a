import { beforeAll, describe, expect, it } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { presets } from "../../../src/experiments/experiments.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import type { Plan } from "../../../src/study/plan.ts";
import type { LabAction } from "../../../src/ui/state/lab-action.ts";
import { initialLab, type LabState, reduceLab } from "../../../src/ui/state/lab-state.ts";
import {
	estimateOf,
	finishedCount,
	isComplete,
	isRunnable,
	isTraining,
	phaseOf,
	presetOf,
	selectRuns,
} from "../../../src/ui/state/selectors.ts";
import { fakeLab } from "../fake-lab.ts";

const { study } = presets.find(({ id }) => id === "smoke")!;
const other = presets.find(({ id }) => id === "minute")!.study;
const analysis = analyzeStudy([], { resamples: 0 });
const after = (state: LabState, ...actions: LabAction[]) => actions.reduce(reduceLab, state);
const initial = initialLab(study);

let plan: Plan;
let results: RunResult[];
let planned: LabState;
beforeAll(async () => {
	const { training } = fakeLab({ stored: 1000 });
	plan = { ...(await training.plan(study)), study };
	results = await training.stored(plan.runs.map(({ id }) => id));
	planned = after(initial, { type: "study-planned", plan, stored: [] });
});

describe("the device", () => {
	it("is known once its adapter is, and is the one that trains", () => {
		const speed = { flopsPerSecond: 1, secondsPerDispatch: 0 };
		const found = after(initial, { type: "adapter-found", adapter: "A", speed });
		expect(found.device).toMatchObject({ adapter: "A", speed, problem: null });
		const events = [
			{ type: "planned" as const, runs: [], stored: [], adapter: "B" },
			{ type: "recovered" as const, reason: "unplugged", adapter: "C" },
		];
		expect(after(found, { type: "events-received", events }).device.adapter).toBe("C");
		expect(after(initial, { type: "adapter-missing", problem: "missing" }).device.problem).toBe("missing");
	});

	it("cannot run a study while its kernels are measured", () => {
		const ready = after(planned, { type: "adapter-found", adapter: "A", speed: null });
		expect(isRunnable(ready)).toBe(true);
		const measuring = after(ready, { type: "kernels-measuring", measuring: true });
		expect(isRunnable(measuring)).toBe(false);
		expect(isRunnable(after(measuring, { type: "kernels-measuring", measuring: false }))).toBe(true);
	});

	it("knows how many kernels are measured while they are, and no longer", () => {
		const some = after(planned, { type: "kernels-measured", done: 2, total: 6 });
		expect(some.device.measured).toEqual({ done: 2, total: 6 });
		expect(after(some, { type: "kernels-measured", done: 6, total: 6 }).device.measured).toBeNull();
		expect(after(some, { type: "kernels-read", tuning: null }).device.measured).toBeNull();
		expect(after(some, { type: "kernels-measuring", measuring: false }).device.measured).toBeNull();
		expect(after(some, { type: "results-reading" }).device.measured).toBeNull();
		expect(after(some, { type: "guest-ended" }).device.measured).toBeNull();
	});
});

describe("the document", () => {
	it("is being prepared until the plan of the study itself is known", () => {
		expect(phaseOf(initial)).toBe("preparing");
		expect(phaseOf(planned)).toBe("ready");
		const changed = after(planned, { type: "study-changed", study: other, draft: other });
		expect(phaseOf(changed)).toBe("preparing");
		// Until then the plan before it is shown.
		expect(changed.document.plan).toBe(plan);
		const error = { message: "corpus is missing", path: ["corpora", 0] };
		const failed = after(changed, { type: "study-not-planned", error });
		expect(phaseOf(failed)).toBe("ready");
		expect(failed.document).toMatchObject({ plan: null, error });
		expect(failed.work.progress.runs).toEqual([]);
	});

	it("keeps the last valid study beside an invalid draft", () => {
		const draft = { ...study, context: -1 };
		const error = { message: "no", path: ["context"] };
		const rejected = after(planned, { type: "draft-rejected", draft, error });
		expect(rejected.document).toMatchObject({ study, draft, error });
		expect(isRunnable(rejected)).toBe(false);
		expect(after(rejected, { type: "study-changed", study, draft: study }).document.error).toBeNull();
	});

	it("is a preset when its study is that of one", () => {
		expect(presetOf(planned)).toBe("smoke");
		const same = structuredClone(study);
		expect(presetOf(after(planned, { type: "study-changed", study: same, draft: same }))).toBe("smoke");
		const custom = { ...study, seeds: [9] };
		expect(presetOf(after(planned, { type: "study-changed", study: custom, draft: custom }))).toBeNull();
	});
});

describe("work", () => {
	it("goes from Run to its end", () => {
		const phases = (
			[
				[{ type: "run-started" }],
				[{ type: "run-started" }, { type: "run-paused" }],
				[{ type: "run-paused" }, { type: "run-resumed" }],
				[{ type: "run-started" }, { type: "run-stopping" }],
				[{ type: "run-started" }, { type: "results-reading" }],
				[{ type: "run-started" }, { type: "results-reading" }, { type: "results-read", plan, stored: [] }],
			] satisfies LabAction[][]
		).map((actions) => phaseOf(after(planned, ...actions)));
		expect(phases).toEqual(["running", "paused", "running", "stopping", "preparing", "ready"]);
		expect(isTraining(after(planned, { type: "run-started" }))).toBe(true);
		expect(isTraining(planned)).toBe(false);
	});

	it("shows stored results and counts them", () => {
		const some = after(initial, { type: "study-planned", plan, stored: results.slice(0, 2) });
		expect([finishedCount(some), isComplete(some)]).toEqual([2, false]);
		const all = after(some, { type: "results-read", plan, stored: results });
		expect([finishedCount(all), isComplete(all)]).toEqual([plan.runs.length, true]);
		expect(isComplete(initial)).toBe(false);
	});

	it("takes events in order", () => {
		const [first] = plan.runs;
		const events = [
			{ type: "pack" as const, ids: [first!.id], bytes: 1 },
			{
				...{ type: "progress" as const, tokensPerSecond: 10 },
				runs: [{ id: first!.id, step: 3, points: [{ tokens: 5, loss: 2 }] }],
			},
		];
		const state = after(planned, { type: "run-started" }, { type: "events-received", events });
		const run = selectRuns(state).find(({ id }) => id === first!.id)!;
		expect(run).toMatchObject({ status: "training", step: 3, curve: { tokens: [5], loss: [2] } });
		expect(run.parameters.total).toBeGreaterThan(run.parameters.nonEmbedding);
	});
});

describe("the result", () => {
	it("is that of the present study's runs", () => {
		const analyzed = after(planned, { type: "analyzed", analysis });
		expect(analyzed.result.analysis).toBe(analysis);
		expect(after(analyzed, { type: "results-read", plan, stored: results }).result.analysis).toBe(analysis);
		expect(after(analyzed, { type: "results-read", plan, stored: [] }).result.analysis).toBeNull();
		expect(after(analyzed, { type: "study-planned", plan, stored: results }).result.analysis).toBeNull();
	});
});

describe("messages", () => {
	it("stay until they are closed, or something new begins", () => {
		const notice = { kind: "error", title: "Oh", text: "no" } as const;
		const told = after(planned, { type: "told", announcement: "no", notice });
		expect(told.messages).toEqual({ notice, announcement: "no" });
		expect(after(told, { type: "told", announcement: "yes" }).messages.notice).toBe(notice);
		for (const type of ["notice-dismissed", "run-started"] as const)
			expect(after(told, { type }).messages.notice).toBeNull();
		expect(after(told, { type: "study-changed", study, draft: study }).messages.notice).toBeNull();
	});
});

describe("what nothing changed", () => {
	it("is the same object", () => {
		const events = [{ type: "discarded" as const, ids: [], reason: "" }];
		const started = after(planned, { type: "run-started" });
		const next = after(started, { type: "events-received", events });
		for (const slice of ["device", "document", "result", "messages"] as const) expect(next[slice]).toBe(started[slice]);
		expect(after(planned, { type: "notice-dismissed" })).toBe(planned);
		expect(selectRuns(next)).toBe(selectRuns(next));
		const known = after(planned, {
			type: "adapter-found",
			adapter: "A",
			speed: { flopsPerSecond: 1e9, secondsPerDispatch: 0 },
		});
		expect(estimateOf(known)).toBe(estimateOf(known));
	});
});
