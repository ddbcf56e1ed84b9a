import { beforeEach, expect, test } from "vitest";
import { ReplaySession } from "../../../../src/ui/pages/replay/replay-session.ts";
import type { ReplayFit, ReplayRefusal, ReplayRequest, ReplayStage } from "../../../../src/worker/replay-protocol.ts";

interface Call {
	request: ReplayRequest;
	watch: (stage: ReplayStage) => void;
	answer: (answer: ReplayFit | ReplayRefusal) => Promise<void>;
	fail: (error: Error) => Promise<void>;
	worker: number;
}

let calls: Call[];
let ended: number[];
let session: ReplaySession;
beforeEach(() => {
	[calls, ended] = [[], []];
	let workers = 0;
	session = new ReplaySession(() => {
		const worker = workers++;
		return {
			end: () => void ended.push(worker),
			replay: (request, watch) =>
				new Promise((resolve, reject) => {
					const settled = () => new Promise<void>((done) => setTimeout(done));
					calls.push({
						...{ request, watch, worker },
						answer: (answer) => {
							resolve(answer);
							return settled();
						},
						fail: (error) => {
							reject(error);
							return settled();
						},
					});
				}),
		};
	});
});

const source = (name: string) => ({ kind: "files" as const, files: [{ name, file: new Blob([]) }] });
const fit = (id: string) => ({ kind: "fitted", experiment: id }) as ReplayFit;
const refusal = (message: string): ReplayRefusal => ({
	kind: "refused",
	message,
	table: { header: ["a"], columns: {} },
});
async function shown(name: string): Promise<void> {
	void session.begin(source(name));
	await calls.at(-1)!.answer(fit(name));
}

test("measurements are shown once they are fitted; until then it says what it is at", async () => {
	const stages: unknown[] = [];
	const unsubscribe = session.subscribe(() => stages.push(session.state.stage));
	void session.begin(source("a"));
	expect(session.state).toMatchObject({ stage: { kind: "reading" }, shown: null });
	calls[0]!.watch({ kind: "fitting", title: "Method 1", done: 0, of: 6 });
	await calls[0]!.answer(fit("a"));
	expect(session.state).toMatchObject({ stage: null, problem: "", refused: null });
	expect(session.state.shown).toEqual({ request: calls[0]!.request, fit: fit("a") });
	expect(calls[0]!.request).toMatchObject({ mapping: {}, conventions: {}, resamples: 1000 });
	expect(stages).toContainEqual({ kind: "fitting", title: "Method 1", done: 0, of: 6 });
	unsubscribe();
	const { length } = stages;
	session.dismiss();
	expect(stages).toHaveLength(length);
});

test("refused measurements change nothing that is shown, may be read otherwise, and be forgotten", async () => {
	await shown("a");
	const before = session.state;
	void session.begin(source("b"));
	await calls[1]!.answer(refusal("b: no losses"));
	expect(session.state.shown).toBe(before.shown);
	expect(session.state.request).toBe(before.request);
	expect(session.state.refused!.refusal.message).toBe("b: no losses");
	void session.retry({ map: { loss: "a" } });
	expect(calls[2]!.request).toMatchObject({ source: { files: [{ name: "b" }] }, mapping: { map: { loss: "a" } } });
	await calls[2]!.answer(refusal("b: no parameters"));
	session.dismiss();
	expect(session.state.refused).toBeNull();
	void session.retry({});
	expect(calls).toHaveLength(3);
	void session.begin(source("b"));
	await calls[3]!.answer(fit("b"));
	expect(session.state.shown!.fit).toEqual(fit("b"));
});

test("a change that cannot be fitted says so and keeps the fit before", async () => {
	await shown("a");
	void session.change({ resamples: 200 });
	await calls[1]!.answer(refusal("a: column x is no number"));
	expect(session.state).toMatchObject({ problem: "a: column x is no number", request: { resamples: 200 } });
	expect(session.state.shown).toMatchObject({ request: { resamples: 1000 }, fit: fit("a") });
	// What is changed next adds to it, and other measurements give it up.
	void session.change({ experiment: "e" });
	expect(calls[2]!.request).toMatchObject({ resamples: 200, experiment: "e" });
	await calls[2]!.answer(fit("again"));
	expect(session.state).toMatchObject({ problem: "", shown: { fit: fit("again") } });
});

test("a newer request ends what is under way, and its answer never comes", async () => {
	await shown("a");
	void session.change({ resamples: 5000 });
	void session.change({ resamples: 0 });
	expect(ended).toEqual([0]);
	expect(calls.map(({ worker }) => worker)).toEqual([0, 0, 1]);
	calls[1]!.watch({ kind: "fitting", title: "late", done: 0, of: 6 });
	await calls[1]!.answer(fit("late"));
	expect(session.state).toMatchObject({ stage: { kind: "reading" }, shown: { fit: fit("a") } });
	await calls[2]!.answer(fit("newest"));
	expect(session.state).toMatchObject({ stage: null, shown: { fit: fit("newest") } });
});

test("cancelling ends the worker and returns the controls to what is shown", async () => {
	await shown("a");
	void session.change({ resamples: 5000 });
	session.cancel();
	expect(ended).toEqual([0]);
	expect(session.state).toMatchObject({ stage: null, request: { resamples: 1000 }, shown: { fit: fit("a") } });
	await calls[1]!.answer(fit("late"));
	expect(session.state.shown!.fit).toEqual(fit("a"));
});

test("a worker that fails is replaced", async () => {
	await shown("a");
	void session.begin(source("b"));
	await calls[1]!.fail(new Error("out of memory"));
	expect(ended).toEqual([0]);
	expect(session.state).toMatchObject({ stage: null, shown: { fit: fit("a") } });
	expect(session.state.refused!.refusal).toEqual({ kind: "refused", message: "out of memory", table: null });
	void session.begin(source("c"));
	expect(calls[2]!.worker).toBe(1);
});

test("how many resamples are drawn and what is set aside stay for other measurements; the rest does not", async () => {
	await shown("a");
	void session.change({ holdOut: "largest", resamples: 200, conventions: { flops: "6nd" } });
	await calls[1]!.answer(fit("a"));
	void session.begin(source("b"));
	expect(calls[2]!.request).toMatchObject({ holdOut: "largest", resamples: 200, conventions: {} });
});
