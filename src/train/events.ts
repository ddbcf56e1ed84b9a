import type { RunProgress } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * The events of `train(gpu, runs, corpora, options)`: one `start`, any number of `progress` and `checkpoint`, and one `end`
 * unless training was stopped. To pause, do not request the next event; the generator's `return()` stops at once and frees the
 * GPU memory.
 */
export type TrainEvent =
	/** Memory and pipelines are ready. `bytes`: size of the pack's GPU buffers. */
	| { type: "start"; bytes: number }
	| { type: "progress"; runs: RunProgress[]; tokensPerSecond: number }
	/** Checkpoints of all the pack's runs, in the order of `runs`. */
	| { type: "checkpoint"; step: number; checkpoints: Checkpoint[] }
	/** In the order of `runs`. */
	| { type: "end"; results: RunResult[] };
