/** The smallest and the largest number that each of the planner's inputs may be. */
export const ADVICE_BOUNDS = {
	/** C, FLOP. */
	flops: { min: 1, max: 1e40 },
	/** N. */
	parameters: { min: 1, max: 1e20 },
	/** Tokens generated or read over the model's life. */
	inferenceTokens: { min: 0, max: 1e30 },
	/** B, tokens. */
	batch: { min: 1, max: 1e15 },
	/** B_crit, tokens. */
	criticalBatch: { min: 1, max: 1e15 },
} as const;
