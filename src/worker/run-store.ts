import type { RunNote } from "../run/run-note.ts";
import type { RunResult } from "../run/run-result.ts";
import type { RunStore } from "../run/store.ts";
import { database } from "./database.ts";
import { patched } from "./note-patch.ts";
import { storageProblem } from "./storage-report.ts";

/** A change of what is known of a run. */
export type NoteChange = (note: RunNote) => RunNote;

/** Finished runs in IndexedDB, and what is known of them beside their records. */
export interface NotedRunStore extends RunStore {
	/** Saves all of them, or none. Resolves when they are durable. */
	saveAll(results: readonly RunResult[]): Promise<void>;
	/** Resolves when the changes are durable. */
	note(ids: readonly string[], change: NoteChange): Promise<void>;
}

/** Finished runs in IndexedDB, keyed by the hash of their spec. Everything rejects where the browser's storage fails. */
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
		await wholly(transaction, async () => {
			for (const id of ids) await transaction.store.put(change((await transaction.store.get(id)) ?? { id }));
		});
	},
};

async function saveAll(results: readonly RunResult[]): Promise<void> {
	const transaction = (await database()).transaction(["runs", "notes"], "readwrite", { durability: "strict" });
	const [runs, notes] = [transaction.objectStore("runs"), transaction.objectStore("notes")];
	await wholly(transaction, async () => {
		for (const result of results) {
			// A run that was deleted and is stored again is there.
			const note = await notes.get(result.id);
			if (note?.deleteAt !== undefined) await notes.put(patched(note, { deleteAt: null }));
			await runs.put(result);
		}
	});
}

/** That there is no room often comes without a word. */
function legible(error: unknown): unknown {
	if (storageProblem(error) !== "full") return error;
	return Object.assign(new Error("the browser's storage is full"), { name: "QuotaExceededError" });
}

/** Does work in a transaction that is then durable, or undone if anything of it fails. */
async function wholly(transaction: { done: Promise<void>; abort(): void }, work: () => Promise<void>): Promise<void> {
	// Where a request fails, the transaction fails too; the first reason is the better one.
	transaction.done.catch(() => {});
	try {
		await work();
	} catch (error) {
		try {
			transaction.abort();
		} catch {
			// It has already ended.
		}
		throw legible(error);
	}
	await transaction.done.catch((error) => {
		throw legible(error);
	});
}
