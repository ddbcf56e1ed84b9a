import type { RunNote } from "../run/run-note.ts";
import type { RunResult } from "../run/run-result.ts";
import type { RunStore } from "../run/store.ts";
import { database } from "./database.ts";
import { patched } from "./note-patch.ts";

/** A change of what is known of a run. */
export type NoteChange = (note: RunNote) => RunNote;

/** Finished runs in IndexedDB, and what is known of them beside their records. */
export interface NotedRunStore extends RunStore {
	/** Saves all of them, or none. Resolves when they are durable. */
	saveAll(results: readonly RunResult[]): Promise<void>;
	/** Resolves when the changes are durable. */
	note(ids: readonly string[], change: NoteChange): Promise<void>;
}

/** Finished runs in IndexedDB, keyed by the hash of their spec. */
export const runStore: NotedRunStore = {
	async load(ids) {
		const transaction = (await database()).transaction(["runs", "notes"]);
		const [runs, notes] = [transaction.objectStore("runs"), transaction.objectStore("notes")];
		const found = await Promise.all(
			ids.map(async (id) => ((await notes.get(id))?.deleteAt === undefined ? runs.get(id) : undefined)),
		);
		return found.filter((result) => result !== undefined);
	},
	save: (result) => saveAll([result]),
	saveAll,
	async note(ids, change) {
		const transaction = (await database()).transaction("notes", "readwrite", { durability: "strict" });
		for (const id of ids) await transaction.store.put(change((await transaction.store.get(id)) ?? { id }));
		await transaction.done;
	},
};

async function saveAll(results: readonly RunResult[]): Promise<void> {
	const transaction = (await database()).transaction(["runs", "notes"], "readwrite", { durability: "strict" });
	const [runs, notes] = [transaction.objectStore("runs"), transaction.objectStore("notes")];
	for (const result of results) {
		// A run that was deleted and is stored again is there.
		const note = await notes.get(result.id);
		if (note?.deleteAt !== undefined) await notes.put(patched(note, { deleteAt: null }));
		await runs.put(result);
	}
	await transaction.done;
}
