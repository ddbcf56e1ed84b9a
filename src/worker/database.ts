import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RunNote } from "../run/run-note.ts";
import type { RunResult } from "../run/run-result.ts";
import { Patience } from "./answered.ts";
import type { SetAside } from "./protocol.ts";

interface LabDatabase extends DBSchema {
	/** Finished runs, by the hash of their spec. */
	runs: { key: string; value: RunResult };
	/** What is known of runs beside their records, by the same hash. */
	notes: { key: string; value: RunNote };
	/** What is set aside of studies, and the forecasts of it, by the hash of the study. */
	forecasts: { key: string; value: SetAside };
}

const NAME = "isoflop";
/** Increased with every change of the schema; `upgrade` has one step per version. */
const VERSION = 3;

/** How long the browser may take to open the database, in milliseconds. Some never answer where they refuse storage. */
const PATIENCE = 5000;

let opened: Promise<IDBPDatabase<LabDatabase>> | null = null;
let losses = 0;
const patience = new Patience("the browser's database", PATIENCE);

/**
 * The lab's IndexedDB: opened when it is first used, and again after another tab or the browser closed it.
 *
 * @throws DOMException where the browser refuses it; NoAnswerError where it says nothing
 */
export async function database(): Promise<IDBPDatabase<LabDatabase>> {
	opened ??= open();
	return patience.wait(opened);
}

/** How often the browser took the database away since this worker began: it was cleared, or another tab deleted it. */
export function databaseLosses(): number {
	return losses;
}

function open(): Promise<IDBPDatabase<LabDatabase>> {
	let closed = () => {};
	const opening = openDB<LabDatabase>(NAME, VERSION, {
		upgrade(db, oldVersion) {
			if (oldVersion < 1) db.createObjectStore("runs", { keyPath: "id" });
			if (oldVersion < 2) db.createObjectStore("forecasts", { keyPath: "study" });
			if (oldVersion < 3) db.createObjectStore("notes", { keyPath: "id" });
		},
		blocking(_, blockedVersion, event) {
			// Another tab needs a newer schema, or deletes the database.
			(event.target as IDBDatabase).close();
			if (blockedVersion === null) losses++;
			closed();
		},
		terminated() {
			losses++;
			closed();
		},
	});
	closed = () => {
		if (opened === opening) opened = null;
	};
	opening.catch(closed);
	return opening;
}
