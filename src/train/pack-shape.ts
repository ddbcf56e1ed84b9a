import type { ActivationStorage } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import type { OptimizerKind } from "../run/choices.ts";

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
