import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RunResult } from "../run/run-result.ts";
import type { RunStore } from "../run/store.ts";

interface LabDatabase extends DBSchema {
	runs: { key: string; value: RunResult };
}

const NAME = "isoflop";
/** Increased with every change of the schema; `upgrade` has one step per version. */
const VERSION = 1;

/** Finished runs in IndexedDB, keyed by the hash of their spec. */
export function openRunStore(name = NAME): RunStore {
	let opened: Promise<IDBPDatabase<LabDatabase>> | null = null;
	const database = () => {
		opened ??= openDB<LabDatabase>(name, VERSION, {
			upgrade(db, oldVersion) {
				if (oldVersion < 1) db.createObjectStore("runs", { keyPath: "id" });
			},
			// Another tab needs a newer schema, or the browser closed the database: reopen it next time.
			blocking: () => close(),
			terminated: () => {
				opened = null;
			},
		});
		opened.catch(() => {
			opened = null;
		});
		return opened;
	};
	const close = () => {
		opened?.then((db) => db.close());
		opened = null;
	};
	return {
		async load(ids) {
			const { store } = (await database()).transaction("runs");
			const found = await Promise.all(ids.map((id) => store.get(id)));
			return found.filter((result) => result !== undefined);
		},
		async save(result) {
			const transaction = (await database()).transaction("runs", "readwrite", { durability: "strict" });
			await Promise.all([transaction.store.put(result), transaction.done]);
		},
	};
}
