import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RunNote } from "../../src/run/run-note.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import { patched, usedBy } from "../../src/worker/note-patch.ts";
import { NoteTaker } from "../../src/worker/note-taker.ts";
import { Stopwatch } from "../../src/worker/stopwatch.ts";

const result = (id: string) => ({ id }) as RunResult;

function fakeStore() {
	const notes = new Map<string, RunNote>();
	return {
		notes,
		load: async () => [],
		save: async () => {},
		saveAll: async () => {},
		async note(ids: readonly string[], change: (note: RunNote) => RunNote) {
			for (const id of ids) notes.set(id, change(notes.get(id) ?? { id }));
		},
	};
}

beforeEach(() => {
	vi.useFakeTimers({ now: 5000 });
});
afterEach(() => {
	vi.useRealTimers();
});

it("notes which study used a run, when it finished, and how long it took without pauses", async () => {
	const store = fakeStore();
	const taker = new NoteTaker(store, "mine");
	await taker.take({ type: "planned", runs: [], stored: [result("old")], adapter: "" });
	await taker.take({ type: "pack", ids: ["a", "b"], bytes: 1 });
	await vi.advanceTimersByTimeAsync(2000);
	taker.pause();
	await vi.advanceTimersByTimeAsync(7000);
	taker.resume();
	await vi.advanceTimersByTimeAsync(500);
	await taker.take({ type: "finished", result: result("a") });
	expect(store.notes.get("old")).toEqual({ id: "old", studies: ["mine"] });
	expect(store.notes.get("a")).toEqual({ id: "a", studies: ["mine"], finished: 14_500, seconds: 2.5 });
});

it("does not say how long a run took that went on from a checkpoint", async () => {
	const store = fakeStore();
	const taker = new NoteTaker(store, "mine");
	await taker.take({ type: "pack", ids: ["a"], bytes: 1, from: 30 });
	await taker.take({ type: "finished", result: result("a") });
	expect(store.notes.get("a")).toEqual({ id: "a", studies: ["mine"], finished: 5000 });
});

it("a stopwatch that is paused twice, or resumed without a pause, still counts right", () => {
	let now = 0;
	const watch = new Stopwatch(() => now);
	watch.resume();
	now = 1000;
	watch.pause();
	now = 3000;
	watch.pause();
	expect(watch.seconds).toBe(1);
	watch.resume();
	now = 3500;
	expect(watch.seconds).toBe(1.5);
});

it("a note loses what is taken away, and names each study once", () => {
	const note: RunNote = { id: "a", name: "x", tags: ["t"], hidden: true, studies: ["one"] };
	expect(patched(note, { name: "", tags: [], hidden: false })).toEqual({ id: "a", studies: ["one"] });
	expect(patched(note, { deleteAt: 7 })).toEqual({ ...note, deleteAt: 7 });
	expect(patched({ ...note, deleteAt: 7 }, { deleteAt: null })).toEqual(note);
	expect(usedBy(usedBy(note, "two"), "one").studies).toEqual(["one", "two"]);
});
