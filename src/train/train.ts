import type { TokenizedCorpus } from "../data/corpus.ts";
import type { Gpu } from "../gpu/device.ts";
import type { PlannedRun } from "../study/events.ts";
import type { TrainEvent } from "./events.ts";

/**
 * Trains the runs of one pack together, to the end.
 *
 * @param runs same model, batch and steps; see `packKey` in `src/study`
 * @param corpora the tokens of each run, in the order of `runs`; runs that share a corpus share the object
 */
export declare function train(
	gpu: Gpu,
	runs: PlannedRun[],
	corpora: TokenizedCorpus[],
): AsyncGenerator<TrainEvent, void, void>;
