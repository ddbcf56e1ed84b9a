import type { RunProgress } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * What `train(gpu, runs, corpora, options)` yields: one `start`, then `progress` and `checkpoint` as they come, one `end`
 * unless it was stopped before. Pausing is not asking for the next event; `return()` on the generator stops at once and
 * frees the GPU's memory.
 */
export type TrainEvent =
	/** Memory and pipelines are ready. `bytes`: all GPU buffers of the pack together. */
	| { type: "start"; bytes: number }
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** Where all runs of the pack stand, in the order of `runs`. */
	| { type: "checkpoint"; step: number; checkpoints: Checkpoint[] }
	/** In the order of `runs`. */
	| { type: "end"; results: RunResult[] };
