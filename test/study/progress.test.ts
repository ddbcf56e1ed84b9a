import { expect, test } from "vitest";
import type { StudyEvent } from "../../src/run/events.ts";
import { planStudy } from "../../src/study/planner.ts";
import { initialProgress, plannedProgress, reduceProgress, type StudyProgress } from "../../src/study/progress.ts";
import { corpora, resultOf, studyWith } from "./fixtures.ts";

const plan = await planStudy(studyWith(), corpora);
const byId = new Map(plan.runs.map((run) => [run.id, run]));
const planned: StudyEvent = { type: "planned", runs: plan.runs, stored: [], adapter: "a test" };
const after = (...events: StudyEvent[]): StudyProgress => events.reduce(reduceProgress, initialProgress);
const progressOf = (ids: string[], step: number, tokensPerSecond = 1000): StudyEvent => ({
	type: "progress",
	runs: ids.map((id) => ({ id, step, points: [{ tokens: step * 512, loss: 5 - step / 100 }] })),
	tokensPerSecond,
});

/** All events of an undisturbed study on a device with a constant speed. */
function* events(flopsPerSecond: number): Generator<StudyEvent> {
	yield planned;
	for (const ids of plan.packs) {
		yield { type: "pack", ids, bytes: 1000 };
		const run = plan.perRun[ids[0]!]!;
		const tokensPerSecond = flopsPerSecond / (run.modelFlops / run.tokens);
		for (const step of [10, 20, 30, 40]) yield progressOf(ids, step, tokensPerSecond);
		for (const id of ids) yield { type: "finished", result: resultOf(byId.get(id)!) };
	}
	yield { type: "done" };
}

test("at first all runs wait", () => {
	const state = after(planned);
	expect(state.runs.map((run) => run.status)).toEqual(Array(6).fill("waiting"));
	expect(state).toMatchObject({ phase: "planned", share: 0, secondsLeft: null });
});

test("runs already in the store count as done and show their curves", () => {
	const [first, second, ...rest] = plan.runs;
	const stored = [resultOf(first!), resultOf(second!, "diverged")];
	const state = after({ ...planned, stored } as StudyEvent);
	expect(state.runs.map((run) => run.status)).toEqual(["stored", "diverged", ...rest.map(() => "waiting")]);
	expect(state.runs[0]!.curve).toBe(stored[0]!.curve);
	const flops = plan.runs.map((run) => plan.perRun[run.id]!.modelFlops);
	expect(state.share).toBeCloseTo((flops[0]! + flops[1]!) / flops.reduce((a, b) => a + b), 12);
});

test("a pack trains: its runs' steps and curves grow, the others wait", () => {
	const ids = plan.packs[0]!;
	const state = after(planned, { type: "pack", ids, bytes: 5 }, progressOf(ids, 10), progressOf(ids, 20));
	expect(state).toMatchObject({ phase: "training", pack: { ids, bytes: 5 }, tokensPerSecond: 1000 });
	expect(state.runs.map((run) => run.step)).toEqual([20, 20, 0, 0, 0, 0]);
	expect(state.runs[1]!.curve).toEqual({ tokens: [5120, 10240], loss: [4.9, 4.8] });
	expect(state.runs[2]!.status).toBe("waiting");
	const { modelFlops, tokens } = plan.perRun[ids[0]!]!;
	expect(state.flopsPerSecond).toBeCloseTo((1000 * modelFlops) / tokens, 3);
	// 20 steps of 512 tokens of two runs at 1000 tokens/s
	expect(state.trained.seconds).toBeCloseTo(20.48, 9);
});

test("a pack that goes on from a checkpoint has its curve so far, and what was trained before costs nothing now", () => {
	const ids = plan.packs[0]!;
	const state = after(
		planned,
		{ type: "pack", ids, bytes: 5, from: 20 },
		progressOf(ids, 20, 0),
		progressOf(ids, 30),
		{ type: "recovered", reason: "unplugged", adapter: "another" },
		{ type: "pack", ids, bytes: 5, from: 25 },
		progressOf(ids, 25, 0),
		progressOf(ids, 40),
	);
	expect(state).toMatchObject({ phase: "training", tokensPerSecond: 1000 });
	expect(state.runs.map((run) => run.step)).toEqual([40, 40, 0, 0, 0, 0]);
	expect(state.runs[0]!.curve.tokens).toEqual([25 * 512, 40 * 512]);
	// Steps 20 to 30, then 25 to 40, of two runs at 1000 tokens/s
	expect(state.trained.seconds).toBeCloseTo((25 * 512 * 2) / 1000, 9);
});

test("a run's time is counted from the start of its pack; from a checkpoint on it is not known", () => {
	const ids = plan.packs[0]!;
	const pack: StudyEvent = { type: "pack", ids, bytes: 5 };
	const state = after(planned, pack, progressOf(ids, 10, 10240), progressOf(ids, 20, 10240 / 3));
	// 10 steps of 512 tokens of two runs: one second, then three seconds
	expect(state.runs[0]!.seconds).toBeCloseTo(4, 9);
	expect(state.runs[2]!.seconds).toBeUndefined();
	const resumed = after(planned, pack, progressOf(ids, 10), { ...pack, from: 10 } as StudyEvent, progressOf(ids, 20));
	expect(resumed.runs[0]!.seconds).toBeUndefined();
});

test("finished and diverged runs keep their results", () => {
	const [a, b] = plan.packs[0]!.map((id) => byId.get(id)!);
	const state = after(
		planned,
		{ type: "pack", ids: plan.packs[0]!, bytes: 5 },
		{ type: "finished", result: resultOf(a!) },
		{ type: "finished", result: resultOf(b!, "diverged") },
	);
	expect(state.runs.map((run) => run.status).slice(0, 3)).toEqual(["finished", "diverged", "waiting"]);
	expect(state.runs[0]!.result).toEqual(resultOf(a!));
	expect(state.runs[0]!.step).toBe(40);
});

test("tokenizing shows its share", () => {
	const state = after(planned, { type: "tokenizing", corpus: "speeches", vocabulary: 512, done: 3, total: 4 });
	expect(state).toMatchObject({
		phase: "tokenizing",
		tokenizing: { corpus: "speeches", vocabulary: 512, share: 0.75 },
	});
	expect(
		after(planned, { type: "tokenizing", corpus: "x", vocabulary: 256, done: 0, total: 0 }).tokenizing!.share,
	).toBe(1);
});

test("the share never falls and ends at 1; the time left is right on a device of constant speed", () => {
	const flopsPerSecond = 1e6;
	const total = plan.totals.cost.flops / flopsPerSecond;
	let share = 0;
	let state = initialProgress;
	for (const event of events(flopsPerSecond)) {
		state = reduceProgress(state, event);
		expect(state.share).toBeGreaterThanOrEqual(share);
		share = state.share;
		if (event.type === "progress" && state.trained.seconds >= 2) {
			expect(state.secondsLeft! + state.trained.seconds).toBeGreaterThan(0.95 * total);
			expect(state.secondsLeft! + state.trained.seconds).toBeLessThan(1.05 * total);
		}
	}
	expect(state).toMatchObject({ phase: "done", share: 1, secondsLeft: 0, pack: null });
	expect(state.runs.every((run) => run.status === "finished")).toBe(true);
});

test("tokens per second are a mean over the last seconds, and each pack begins anew", () => {
	const ids = plan.packs[0]!;
	const pack: StudyEvent = { type: "pack", ids, bytes: 5 };
	// 10 steps of 512 tokens of two runs: one second, then three seconds
	const state = after(planned, pack, progressOf(ids, 10, 10240), progressOf(ids, 20, 10240 / 3));
	expect(state.tokensPerSecond).toBeCloseTo(10240 / 3 + (10240 - 10240 / 3) / Math.E, 6);
	expect(reduceProgress(state, pack).tokensPerSecond).toBe(0);
});

test("a state is never changed in place", () => {
	const freeze = <T>(value: T): T => {
		if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
			Object.freeze(value);
			Object.values(value).forEach(freeze);
		}
		return value;
	};
	let state = freeze({ ...initialProgress });
	for (const event of events(1e7)) state = freeze(reduceProgress(state, freeze(structuredClone(event))));
	expect(state.phase).toBe("done");
});

test("an event without a speed or without new steps leaves the time left alone", () => {
	const ids = plan.packs[0]!;
	const state = after(planned, { type: "pack", ids, bytes: 5 }, progressOf(ids, 0, 0));
	expect(state.secondsLeft).toBeNull();
	expect(state.trained.seconds).toBe(0);
});

test("a run that was stopped has ended: it counts as done, and keeps its curve", () => {
	const [first, ...others] = plan.runs;
	const stopped = { ...resultOf(first!, "stopped"), stopped: { step: 10, bestRate: 0.01, behind: 0.2 } };
	const stored = plannedProgress(plan.runs, [stopped]).runs[0]!;
	expect(stored).toMatchObject({ status: "stopped", step: first!.spec.steps, curve: stopped.curve, result: stopped });
	const done = [stopped, ...others.map((run) => resultOf(run))];
	expect(plannedProgress(plan.runs, done)).toMatchObject({ share: 1, secondsLeft: 0 });
});
