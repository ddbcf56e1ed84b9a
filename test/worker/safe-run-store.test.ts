import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunNote } from "../../src/run/run-note.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { NoteChange } from "../../src/worker/run-store.ts";
import { SafeRunStore } from "../../src/worker/safe-run-store.ts";
import type { StorageReport } from "../../src/worker/storage-report.ts";

const run = (id: string) => ({ id, status: "finished" }) as RunResult;
const ids = (results: readonly RunResult[]) => results.map(({ id }) => id).sort();
const named =
	(name: string): NoteChange =>
	(note) => ({ ...note, name });

/** A database that can be told to misbehave. */
class FakeDatabase {
	runs = new Map<string, RunResult>();
	notes = new Map<string, RunNote>();
	losses = 0;
	/** Most runs that there is room for. */
	room = Infinity;
	refusal: Error | null = null;
	/** Answers are held back until it settles. */
	silence: Promise<void> | null = null;
	saves: string[][] = [];

	private async ask<Answer>(answer: () => Answer): Promise<Answer> {
		if (this.refusal) throw this.refusal;
		await this.silence;
		return answer();
	}

	load = (wanted: readonly string[]) => this.ask(() => wanted.flatMap((id) => this.runs.get(id) ?? []));

	save = (result: RunResult) => this.saveAll([result]);

	saveAll = (results: readonly RunResult[]) =>
		this.ask(() => {
			this.saves.push(ids(results));
			if (new Set([...this.runs.keys(), ...ids(results)]).size > this.room)
				throw new DOMException("", "QuotaExceededError");
			for (const result of results) this.runs.set(result.id, result);
		});

	note = (wanted: readonly string[], change: NoteChange) =>
		this.ask(() => {
			for (const id of wanted) this.notes.set(id, change(this.notes.get(id) ?? { id }));
		});

	clear(): void {
		this.runs.clear();
		this.notes.clear();
		this.losses++;
	}
}

let database: FakeDatabase;
let reports: StorageReport[];
let store: SafeRunStore;

beforeEach(() => {
	database = new FakeDatabase();
	reports = [];
	store = new SafeRunStore(
		{
			store: database,
			losses: () => database.losses,
			estimate: async () => ({ usage: 7e6, quota: 8e6 }),
			patience: 1000,
		},
		(report) => reports.push(report),
	);
});

describe("a store that works", () => {
	it("stores and reads, and has nothing to report", async () => {
		await store.saveAll([run("a"), run("b")]);
		await store.note(["a"], named("mine"));
		expect(database.saves).toEqual([["a", "b"]]);
		expect(ids(await store.load(["a", "b", "c"]))).toEqual(["a", "b"]);
		expect(database.notes.get("a")).toEqual({ id: "a", name: "mine" });
		expect(await store.report()).toEqual({ trouble: null, restored: 0 });
		expect(reports).toEqual([]);
	});

	it("keeps nothing back of what somebody deletes", async () => {
		store.watch(["a", "b"]);
		await store.saveAll([run("a"), run("b")]);
		database.runs.delete("a");
		expect(ids(await store.load(["a", "b"]))).toEqual(["b"]);
		database.clear();
		expect(ids(await store.load(["a", "b"]))).toEqual(["b"]);
	});
});

describe("a full store", () => {
	beforeEach(async () => {
		database.room = 2;
		for (const id of ["a", "b", "c", "d"]) {
			await store.save(run(id));
			await store.note([id], named(id));
		}
	});

	it("keeps in memory what does not fit, and says how much that is", async () => {
		expect([...database.runs.keys()]).toEqual(["a", "b"]);
		expect(ids(await store.load(["a", "b", "c", "d"]))).toEqual(["a", "b", "c", "d"]);
		const bytes = JSON.stringify([run("c"), run("d")]).length - "[,]".length;
		const trouble = { problem: "full", reason: "QuotaExceededError", runs: 2, bytes, usage: 7e6, quota: 8e6 };
		expect(await store.report()).toEqual({ trouble, restored: 0 });
		expect(reports.map(({ trouble }) => trouble?.runs)).toEqual([1, 2]);
	});

	it("stores what fits as soon as there is room, with its notes", async () => {
		database.room = 3;
		await store.storeAgain();
		expect([...database.runs.keys()]).toEqual(["a", "b", "c"]);
		expect((await store.report()).trouble).toMatchObject({ problem: "full", runs: 1 });
		database.room = Infinity;
		await store.save(run("e"));
		expect([...database.runs.keys()]).toEqual(["a", "b", "c", "d", "e"]);
		expect(database.notes.get("d")).toEqual({ id: "d", name: "d" });
		expect(reports.at(-1)).toEqual({ trouble: null, restored: 0 });
	});

	it("takes a file's runs as far as there is room", async () => {
		database.room = 4;
		await store.saveAll([run("e"), run("f")]);
		expect([...database.runs.keys()]).toEqual(["a", "b", "c", "d"]);
		expect((await store.report()).trouble).toMatchObject({ problem: "full", runs: 2 });
	});
});

describe("a refused store", () => {
	it("is known from the first reading, before anything is lost", async () => {
		database.refusal = new DOMException("The user denied permission.", "SecurityError");
		expect(await store.load(["a"])).toEqual([]);
		const trouble = { problem: "refused", reason: "The user denied permission.", runs: 0, bytes: 0 };
		expect(reports).toEqual([{ trouble: { ...trouble, usage: 7e6, quota: 8e6 }, restored: 0 }]);
		await store.save(run("a"));
		expect(ids(await store.load(["a"]))).toEqual(["a"]);
		expect(reports.at(-1)!.trouble).toMatchObject({ problem: "refused", runs: 1 });
	});

	it("is no trouble any more once it answers", async () => {
		database.refusal = new Error("not now");
		await store.load(["a"]);
		database.refusal = null;
		await store.storeAgain();
		expect(reports.at(-1)).toEqual({ trouble: null, restored: 0 });
	});
});

describe("a silent store", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it("is waited for once, and stores everything if it answers after all", async () => {
		let answer = () => {};
		database.silence = new Promise((resolve) => {
			answer = resolve;
		});
		const loaded = store.load(["a"]);
		await vi.advanceTimersByTimeAsync(1000);
		expect(await loaded).toEqual([]);
		// No timer advances here: nobody waits a second time.
		await store.save(run("a"));
		await store.note(["a"], named("late"));
		expect((await store.report()).trouble).toMatchObject({
			...{ problem: "silent", reason: "the browser's database did not answer within 1 s", runs: 1 },
		});
		database.silence = null;
		answer();
		await vi.advanceTimersByTimeAsync(0);
		expect(reports.at(-1)).toEqual({ trouble: null, restored: 0 });
		expect(database.notes.get("a")).toEqual({ id: "a", name: "late" });
	});

	it("does not wait for an estimate either", async () => {
		database.refusal = new Error("no");
		const silent = new SafeRunStore({
			...{ store: database, losses: () => 0, estimate: () => new Promise(() => {}), patience: 1000 },
		});
		const asked = silent.save(run("a")).then(() => silent.report());
		await vi.advanceTimersByTimeAsync(3000);
		expect((await asked).trouble).toMatchObject({ usage: null, quota: null });
	});
});

describe("a store that is cleared", () => {
	it("gets back what is in memory of the watched study: runs of this visit and of earlier ones", async () => {
		database.runs.set("old", run("old"));
		database.runs.set("other", run("other"));
		store.watch(["old", "a", "b"]);
		await store.load(["old", "a", "b"]);
		await store.save(run("a"));
		await store.note(["a"], named("mine"));
		database.clear();
		await store.save(run("b"));
		expect([...database.runs.keys()].sort()).toEqual(["a", "b", "old"]);
		expect(database.notes.get("a")).toEqual({ id: "a", name: "mine" });
		expect(reports).toEqual([{ trouble: null, restored: 2 }]);
	});

	it("keeps them in memory where it cannot be opened again", async () => {
		store.watch(["a"]);
		await store.save(run("a"));
		database.clear();
		database.refusal = new Error("gone");
		expect(ids(await store.load(["a"]))).toEqual(["a"]);
		expect(reports).toMatchObject([{ trouble: { problem: "refused", runs: 1 }, restored: 0 }]);
	});
});
