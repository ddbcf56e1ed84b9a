import type { RunProgress } from "../study/events.ts";
import type { RunResult } from "../study/run-result.ts";

/**
 * What `train(gpu, runs, corpora, options)` yields, in this order: one `start`, many `progress`, one `end`.
 * Pausing is not asking for the next event; stopping is `return()` on the generator, which frees the GPU's memory.
 */
export type TrainEvent =
	/** Memory and pipelines are ready. `bytes`: all GPU buffers of the pack together. */
	| { type: "start"; bytes: number }
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** In the order of `runs`. */
	| { type: "end"; results: RunResult[] };
