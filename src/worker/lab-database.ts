import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RunNote } from "../run/run-note.ts";
import type { RunResult } from "../run/run-result.ts";

interface LabSchema extends DBSchema {
	runs: { key: string; value: RunResult };
	notes: { key: string; value: RunNote };
}

export type LabDatabase = IDBPDatabase<LabSchema>;

const NAME = "isoflop";
/** Increased with every change of the schema; `upgrade` has one step per version. */
const VERSION = 2;

/** The lab's database, opened when it is first needed: finished runs and notes on them, both keyed by the hash of the spec. */
export function labDatabase(name = NAME): () => Promise<LabDatabase> {
	let opened: Promise<LabDatabase> | null = null;
	const close = () => {
		opened?.then((db) => db.close());
		opened = null;
	};
	return () => {
		opened ??= openDB<LabSchema>(name, VERSION, {
			upgrade(db, oldVersion) {
				if (oldVersion < 1) db.createObjectStore("runs", { keyPath: "id" });
				if (oldVersion < 2) db.createObjectStore("notes", { keyPath: "id" });
			},
			// Another tab needs a newer schema, or the browser closed the database: reopen it next time.
			blocking: close,
			terminated: () => {
				opened = null;
			},
		});
		opened.catch(() => {
			opened = null;
		});
		return opened;
	};
}
