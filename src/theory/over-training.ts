import { flopsOf } from "../architecture/flops.ts";
import { type Allocation, bestAllocation, type LossLaw, lossAt, tokensToReach } from "./loss-law.ts";

/** A model larger or smaller than optimal, trained to the same loss as the optimal one. */
export interface OverTraining extends Allocation {
	tokensPerParameter: number;
	/** 6·N·D, FLOP. */
	flops: number;
	/** `flops` divided by the compute of the optimal size; at least 1. */
	cost: number;
}

/**
 * The tokens that a model of N parameters needs to reach the lowest loss possible with C FLOP (see `tokensToReach`). Null
 * if no number of tokens is enough, because E + A·N^−α alone exceeds that loss.
 *
 * @param flops C, FLOP
 */
export function overTrain(law: LossLaw, flops: number, parameters: number): OverTraining | null {
	const best = bestAllocation(law, flops);
	const tokens = tokensToReach(law, parameters, lossAt(law, best.parameters, best.tokens));
	if (tokens === Number.POSITIVE_INFINITY) return null;
	const spent = flopsOf(parameters, tokens);
	return { parameters, tokens, tokensPerParameter: tokens / parameters, flops: spent, cost: spent / flops };
}
