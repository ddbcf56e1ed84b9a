import type { RunResult } from "./run-result.ts";
import type { RunSpec } from "./run-spec.ts";

/** A run after one of its steps. */
export interface Moment {
	/** The run's id. */
	parent: string;
	step: number;
}

/** A planned run. */
export interface PlannedRun {
	id: string;
	spec: RunSpec;
	/** Where it may begin instead of at step 0: up to this step it is identical to another run of the study. */
	branch?: Moment;
}

/** How far one run of the pack in training has come. */
export interface RunProgress {
	id: string;
	/** Steps done. */
	step: number;
	/** Points added to the run's loss curve since the last event. */
	points: { tokens: number; loss: number }[];
}

/** What the engine reports while it runs a study. One reducer (`progress.ts`) turns these events into state. */
export type StudyEvent =
	/** First event: all runs, and those already in the store. */
	| { type: "planned"; runs: PlannedRun[]; stored: RunResult[]; adapter: string }
	/** Reading, cleaning or tokenizing a corpus; `done` of `total` in bytes of text. */
	| { type: "tokenizing"; corpus: string; vocabulary: number; done: number; total: number }
	/** A pack has allocated `bytes` of GPU buffers and starts, or continues from step `from`. */
	| { type: "pack"; ids: string[]; bytes: number; from?: number }
	/** These runs have checkpoints that cannot be used, and train those steps again. */
	| { type: "discarded"; ids: string[]; reason: string }
	/** The GPU was lost; training continues from the last checkpoints on a new device of `adapter`. */
	| { type: "recovered"; reason: string; adapter: string }
	/** A few times a second. `tokensPerSecond` is the total over all runs of the pack. */
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** Sent once the result is durable. */
	| { type: "finished"; result: RunResult }
	/** All runs are finished. */
	| { type: "done" };
