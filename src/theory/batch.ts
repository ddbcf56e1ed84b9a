import { flopsOf } from "../architecture/flops.ts";

/** Steps, tokens and compute needed to reach one loss at one batch size. */
export interface BatchPlan {
	/** B, tokens. */
	batch: number;
	/** B_crit, tokens. */
	criticalBatch: number;
	/** Optimizer steps, S = S_min · (1 + B_crit / B). */
	steps: number;
	/** S_min, the steps needed at very large batches. */
	leastSteps: number;
	/** Tokens processed, E = E_min · (1 + B / B_crit). */
	tokens: number;
	/** E_min, the tokens needed at very small batches. */
	leastTokens: number;
	/** 6·N·E. */
	flops: number;
	/** 6·N·E_min. */
	leastFlops: number;
}

/**
 * Steps and compute needed, at batches of B tokens, to reach the loss that takes E_min tokens at very small batches
 * (McCandlish et al. 2018, arXiv:1812.06162; Kaplan et al. 2020, equation 5.1):
 *
 *     (S / S_min − 1) · (E / E_min − 1) = 1,   E = B·S,   B_crit = E_min / S_min
 *
 * At B = B_crit both S and E are twice their minimum. B_crit depends on the loss.
 */
export function planBatch(options: {
	/** N. */
	parameters: number;
	/** E_min: the tokens needed to reach the loss at batches far below the critical size. */
	leastTokens: number;
	/** B, tokens. */
	batch: number;
	/** B_crit, tokens. */
	criticalBatch: number;
}): BatchPlan {
	const { parameters, leastTokens, batch, criticalBatch } = options;
	const leastSteps = leastTokens / criticalBatch;
	const tokens = leastTokens * (1 + batch / criticalBatch);
	return {
		batch,
		criticalBatch,
		steps: leastSteps * (1 + criticalBatch / batch),
		leastSteps,
		tokens,
		leastTokens,
		flops: flopsOf(parameters, tokens),
		leastFlops: flopsOf(parameters, leastTokens),
	};
}
