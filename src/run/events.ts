import type { RunResult } from "./run-result.ts";
import type { RunSpec } from "./run-spec.ts";

/** A run the planner asks for. */
export interface PlannedRun {
	id: string;
	spec: RunSpec;
	/** Where it may begin instead of at step 0: up to this step it does what another run of the study does. */
	branch?: { parent: string; step: number };
}

/** Where one run of the pack in training stands. */
export interface RunProgress {
	id: string;
	/** Optimizer steps done. */
	step: number;
	/** Points added to the run's loss curve since the last event. */
	points: { tokens: number; loss: number }[];
}

/** What the engine reports while it works through a study. One reducer (`progress.ts`) turns these into state. */
export type StudyEvent =
	/** First event: all runs, and those already in the store. */
	| { type: "planned"; runs: PlannedRun[]; stored: RunResult[]; adapter: string }
	/** Reading, cleaning or tokenizing a corpus; `done` of `total` in bytes of text. */
	| { type: "tokenizing"; corpus: string; vocabulary: number; done: number; total: number }
	/** A pack has its memory and pipelines and begins, or goes on from step `from`; `bytes` of GPU buffers. */
	| { type: "pack"; ids: string[]; bytes: number; from?: number }
	/** These runs have a checkpoint but cannot go on from it, and train again what it held. */
	| { type: "discarded"; ids: string[]; reason: string }
	/** The GPU was lost; training goes on from the last checkpoints on a fresh device of `adapter`. */
	| { type: "recovered"; reason: string; adapter: string }
	/** A few times a second. `tokensPerSecond` counts all runs of the pack together. */
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** Sent after the result is durable. */
	| { type: "finished"; result: RunResult }
	/** All runs are finished. */
	| { type: "done" };
