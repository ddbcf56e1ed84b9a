import type { RunProgress } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * What `train(gpu, runs, corpora, options)` yields: one `start`, then any number of `progress` and `checkpoint`, and one `end`
 * unless training was stopped. To pause, do not ask for the next event; `return()` on the generator stops at once and frees
 * the GPU's memory.
 */
export type TrainEvent =
	/** Memory and pipelines are ready. `bytes`: all GPU buffers of the pack together. */
	| { type: "start"; bytes: number }
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** Checkpoints of all runs of the pack, in the order of `runs`. */
	| { type: "checkpoint"; step: number; checkpoints: Checkpoint[] }
	/** In the order of `runs`. */
	| { type: "end"; results: RunResult[] };
