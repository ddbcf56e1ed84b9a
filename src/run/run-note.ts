import type { RunResult } from "./run-result.ts";

/** What is known of a stored run beside its record, which depends on nothing but its spec. */
export interface RunNote {
	id: string;
	/** Names of the studies that trained it, or found it trained, oldest first. */
	studies?: string[];
	/** When it finished here, or was added from a file; milliseconds since 1970. */
	finished?: number;
	/** From the start of its pack to its end, pauses left out. Absent if it went on from a checkpoint. */
	seconds?: number;
	/** What the reader calls it. */
	name?: string;
	tags?: string[];
	hidden?: boolean;
	/** It was deleted, and is not to be had back after this time; milliseconds since 1970. */
	deleteAt?: number;
	/** Bytes of its weights, if they are kept. */
	weightBytes?: number;
}

/** A stored run in a list: its record without what was measured along the way, and its note. */
export interface RunRow
	extends Omit<RunResult, "curve" | "measurements" | "validationCurve" | "variants">,
		Omit<RunNote, "id"> {
	/** See `finalTrainingLoss`. */
	trainingLoss: number | null;
	/** Equal for runs that differ in nothing but their seed. */
	family: string;
}
