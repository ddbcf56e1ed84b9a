import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RunResult } from "../run/run-result.ts";
import type { SetAside } from "./protocol.ts";

interface LabDatabase extends DBSchema {
	/** Finished runs, by the hash of their spec. */
	runs: { key: string; value: RunResult };
	/** What is set aside of studies, and the forecasts of it, by the hash of the study. */
	forecasts: { key: string; value: SetAside };
}

const NAME = "isoflop";
/** Increased with every change of the schema; `upgrade` has one step per version. */
const VERSION = 2;

let opened: Promise<IDBPDatabase<LabDatabase>> | null = null;

/** The lab's IndexedDB: opened when it is first used, and again after another tab or the browser closed it. */
export function database(): Promise<IDBPDatabase<LabDatabase>> {
	opened ??= openDB<LabDatabase>(NAME, VERSION, {
		upgrade(db, oldVersion) {
			if (oldVersion < 1) db.createObjectStore("runs", { keyPath: "id" });
			if (oldVersion < 2) db.createObjectStore("forecasts", { keyPath: "study" });
		},
		// Another tab needs a newer schema.
		blocking: close,
		terminated: () => {
			opened = null;
		},
	});
	opened.catch(() => {
		opened = null;
	});
	return opened;
}

function close(): void {
	opened?.then((db) => db.close());
	opened = null;
}
