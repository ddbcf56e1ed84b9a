import { NoAnswerError } from "./answered.ts";

/** Why finished runs cannot be stored: there is no room, the browser refuses, or it does not answer. */
export type StorageProblem = "full" | "refused" | "silent";

/** That finished runs cannot be stored, and what that concerns. */
export interface StorageTrouble {
	problem: StorageProblem;
	/** The browser's own words; may be empty. */
	reason: string;
	/** Runs that are in this tab's memory only. */
	runs: number;
	/** About how many bytes they need. */
	bytes: number;
	/** Bytes that the lab takes up in this browser, and may take up at most; null where the browser does not say. */
	usage: number | null;
	quota: number | null;
}

/** How storing goes. */
export interface StorageReport {
	/** Null while everything is stored. */
	trouble: StorageTrouble | null;
	/** Runs that were stored a second time, because the browser's storage had been cleared meanwhile. */
	restored: number;
}

/** What an error of the browser's database means. */
export function storageProblem(error: unknown): StorageProblem {
	if (error instanceof NoAnswerError) return "silent";
	return (error as Partial<Error> | null)?.name === "QuotaExceededError" ? "full" : "refused";
}

/** The browser's words for it: some errors have a name only. */
export function storageReason(error: unknown): string {
	const { message, name } = (error ?? {}) as Partial<Error>;
	return message || name || String(error);
}
