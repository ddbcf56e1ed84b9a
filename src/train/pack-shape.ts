import type { ActivationStorage } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import type { OptimizerKind } from "../run/choices.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { slotsFor } from "./pace.ts";

/** What the runs of a pack have in common. */
export interface PackShape {
	model: ModelConfig;
	runs: number;
	/** Sequences per forward and backward pass. */
	microBatchSequences: number;
	/** Forward and backward passes per optimizer step. */
	microSteps: number;
	/** Whether all runs read the same tokens. */
	sharedTokens: boolean;
	/** Forward passes of one evaluation. */
	evaluationSteps: number;
	/** Number of validation sets; default 1. */
	evaluationSets?: number;
	/** Maximum number of micro-steps in one submit. */
	slots: number;
	/** Default: `DEFAULT_OPTIMIZER`. */
	optimizer?: OptimizerKind;
	/** Whether an average of the weights is kept and evaluated. */
	average?: boolean;
	/** Default: `DEFAULT_STORAGE`. */
	storage?: ActivationStorage;
}

/** The shape of a pack of runs like one, which read the same tokens or not. */
export function packShape(spec: RunSpec, runs: number, sharedTokens: boolean): PackShape {
	const { model, batchSequences, microBatchSequences, validationSequences, evaluations, optimizer, ema, storage } =
		spec;
	const tokens = microBatchSequences * model.context * (sharedTokens ? 1 : runs);
	return {
		...{ model, runs, microBatchSequences, sharedTokens },
		microSteps: batchSequences / microBatchSequences,
		slots: slotsFor(tokens),
		evaluationSteps: validationSequences / microBatchSequences,
		evaluationSets: 1 + (evaluations?.length ?? 0),
		optimizer: optimizer.kind,
		average: ema !== undefined,
		...(storage && { storage }),
	};
}
