import { flopsOf } from "../architecture/flops.ts";
import { type Allocation, bestAllocation, type LossLaw, lossAt, tokensToReach } from "./loss-law.ts";

/** A model of another size than the best one, trained until it is as good. */
export interface OverTraining extends Allocation {
	tokensPerParameter: number;
	/** 6·N·D, FLOP. */
	flops: number;
	/** That compute as a multiple of the best size's; at least 1. */
	cost: number;
}

/**
 * The tokens, by `tokensToReach`, after which N parameters have the loss that C FLOP buy at the best size. Null when no
 * number of tokens is enough: A·N^−α alone leaves N above that loss.
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
