import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunNote, RunRow } from "../../../../src/run/run-note.ts";
import { RunsSession } from "../../../../src/ui/pages/runs/runs-session.ts";
import { patched } from "../../../../src/worker/note-patch.ts";
import type { RunsApi } from "../../../../src/worker/runs-protocol.ts";
import { rows } from "./rows.ts";

/** Stored runs in memory, with the calls that change them. */
function fakeRuns(stored: readonly RunRow[]) {
	const runs = new Map(stored.map((row) => [row.id, row]));
	const notes = new Map<string, RunNote>();
	const calls: string[] = [];
	const row = (id: string) => {
		const note = notes.get(id);
		return runs.has(id) && note?.deleteAt === undefined ? [{ ...runs.get(id)!, ...note }] : [];
	};
	const api: RunsApi = {
		async list(take) {
			const all = [...runs.keys()].flatMap(row);
			take(all.slice(0, 2));
			take(all.slice(2));
		},
		rows: async (ids) => ids.flatMap(row),
		curves: async () => [],
		async patch(ids, patch) {
			calls.push(`patch ${ids.length} ${Object.keys(patch).join()}`);
			for (const id of ids) notes.set(id, patched(notes.get(id) ?? { id }, patch));
		},
		async remove(ids) {
			calls.push(`remove ${ids.length}`);
			for (const id of ids) runs.delete(id);
		},
		async add(name) {
			if (name === "bad.jsonl") throw new Error("line 1 is not a run");
			runs.set(rows[9]!.id, rows[9]!);
			return { ids: [rows[9]!.id], notes: [] };
		},
		file: async () => new Blob(),
		keepsWeights: async () => false,
		keepWeights: async () => {},
		sample: async () => "",
		modelZip: async () => new Blob(),
	};
	return { api, runs, calls };
}

async function open(count = 5) {
	const fake = fakeRuns(rows.slice(0, count));
	const session = new RunsSession(fake.api);
	await session.list();
	return { session, ...fake, ids: rows.slice(0, count).map(({ id }) => id) };
}

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe("the stored runs", () => {
	it("are read in portions, and again without those that are gone", async () => {
		const { session, runs, ids } = await open();
		expect([...session.state.rows.keys()]).toEqual(ids);
		session.select([ids[0]!, ids[1]!]);
		runs.delete(ids[1]!);
		await session.list();
		expect([...session.state.rows.keys()]).toEqual(ids.filter((id) => id !== ids[1]));
		expect([...session.state.selected]).toEqual([ids[0]]);
		expect(session.state.isListing).toBe(false);
	});

	it("are named, tagged and hidden", async () => {
		const { session, ids } = await open();
		await session.patch([ids[0]!], { name: "base", hidden: true });
		await session.tag([ids[0]!, ids[1]!], ["a", "b"], []);
		await session.tag([ids[0]!], ["c"], ["a"]);
		expect(session.state.rows.get(ids[0]!)).toMatchObject({ name: "base", hidden: true, tags: ["b", "c"] });
		expect(session.state.rows.get(ids[1]!)!.tags).toEqual(["a", "b"]);
		await session.patch([ids[0]!], { name: "", hidden: false });
		expect(session.state.rows.get(ids[0]!)).not.toHaveProperty("name");
		expect(session.state.rows.get(ids[0]!)).not.toHaveProperty("hidden");
	});
});

describe("deleting", () => {
	it("can be undone for a while, and is not done before", async () => {
		const { session, runs, ids } = await open();
		session.select(ids.slice(0, 2));
		await session.delete(ids.slice(0, 2), "nobody");
		expect(session.state.rows.size).toBe(3);
		expect(session.state.selected.size).toBe(0);
		expect(session.state.deletion).toMatchObject({ uses: "nobody" });
		await vi.advanceTimersByTimeAsync(19_000);
		expect(runs.size).toBe(5);
		await session.undo();
		expect(session.state.rows.size).toBe(5);
		expect([...session.state.selected]).toEqual(ids.slice(0, 2));
		await vi.advanceTimersByTimeAsync(60_000);
		expect(runs.size).toBe(5);
	});

	it("is done when the time is over, when more is deleted, and when the reader leaves", async () => {
		const { session, runs, calls, ids } = await open();
		await session.delete([ids[0]!], "");
		await session.delete([ids[1]!], "");
		expect(runs.has(ids[0]!)).toBe(false);
		expect(runs.has(ids[1]!)).toBe(true);
		await vi.advanceTimersByTimeAsync(20_001);
		expect(runs.has(ids[1]!)).toBe(false);
		await session.delete([ids[2]!], "");
		await session.endDeletion();
		expect(runs.size).toBe(2);
		expect(calls.filter((call) => call === "remove 1")).toHaveLength(3);
		expect(await session.undo()).toEqual([]);
	});
});

describe("deleting where the deletion cannot be marked, as storage is full", () => {
	it("stays undoable, and shows nothing again that was deleted", async () => {
		const { session, api, runs, ids } = await open();
		api.patch = async () => {};
		await session.delete(ids.slice(0, 2), "");
		await session.list();
		expect(session.state.rows.size).toBe(3);
		await session.undo();
		expect(session.state.rows.size).toBe(5);
		await session.delete(ids.slice(0, 2), "");
		await session.endDeletion();
		expect(runs.size).toBe(3);
	});
});

describe("adding files", () => {
	it("adds those that can be read, and says why others cannot", async () => {
		const { session } = await open();
		expect(await session.add([new File([], "bad.jsonl"), new File([], "good.jsonl")])).toEqual([rows[9]!.id]);
		expect(session.state.rows.size).toBe(6);
		expect(session.state.problem).toBe("bad.jsonl was not taken: line 1 is not a run");
		expect(session.state.added!.ids).toEqual([rows[9]!.id]);
		session.dismiss();
		expect(session.state).toMatchObject({ problem: "", added: null });
	});
});
