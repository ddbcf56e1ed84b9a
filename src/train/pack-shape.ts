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
	/** Validation sets; 1 unless given. */
	evaluationSets?: number;
	/** Most micro-steps in one submit. */
	slots: number;
	/** `DEFAULT_OPTIMIZER` unless given. */
	optimizer?: OptimizerKind;
	/** Whether an average of the weights is kept and evaluated. */
	average?: boolean;
	/** `DEFAULT_STORAGE` unless given. */
	storage?: ActivationStorage;
}
