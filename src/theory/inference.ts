import { flopsOf } from "../architecture/flops.ts";
import { bisect } from "../maths/search.ts";
import { type Allocation, bestAllocation, type LossLaw, lossAt } from "./loss-law.ts";

/** One model's loss, and its compute for training and inference in FLOP. */
export interface Lifetime extends Allocation {
	/** Nats per token. */
	loss: number;
	tokensPerParameter: number;
	/** 6·N·D. */
	trainingFlops: number;
	/** 2·N·D_inf. */
	inferenceFlops: number;
	/** Their sum. */
	flops: number;
}

/** Two models of the same loss: one needs the least compute to train, the other the least over its lifetime. */
export interface InferencePlan {
	/** D_inf: tokens generated or read over the model's life. */
	inferenceTokens: number;
	/** Least 6·N·D. */
	trainingOptimal: Lifetime;
	/** Least 6·N·D + 2·N·D_inf at the same loss. */
	lifetimeOptimal: Lifetime;
	/** Share of the training-optimal model's lifetime compute that is saved; from 0 to below 1. */
	saved: number;
}

/**
 * The inference-aware optimum (Sardana et al. 2023, arXiv:2401.00448): of all models that reach the loss of
 * compute-optimal training with C FLOP, the one with the least lifetime compute
 *
 *     min 6·N·D + 2·N·D_inf   subject to   L(N, D) = L*(C)
 *
 * Let s be the share of the reducible loss due to finite N: A·N^−α = s·(L − E) and B·D^−β = (1 − s)·(L − E). The optimum is
 * the root of α·s / (β·(1 − s)) − 1 − D_inf / 3D, which increases with s. At D_inf = 0 it gives s = β/(α+β), the
 * training optimum.
 *
 * @param flops C, the training compute in FLOP that determines the loss
 */
export function planForInference(law: LossLaw, flops: number, inferenceTokens: number): InferencePlan {
	const { E, A, B, alpha, beta } = law;
	const best = bestAllocation(law, flops);
	const reducible = lossAt(law, best.parameters, best.tokens) - E;
	// Solved for the logit of s, because 1 − s may become tiny.
	const shares = (logit: number) => ({ size: 1 / (1 + Math.exp(-logit)), data: 1 / (1 + Math.exp(logit)) });
	const at = (logit: number): Allocation => {
		const { size, data } = shares(logit);
		return { parameters: (A / (size * reducible)) ** (1 / alpha), tokens: (B / (data * reducible)) ** (1 / beta) };
	};
	const excess = (logit: number) => (alpha / beta) * Math.exp(logit) - 1 - inferenceTokens / (3 * at(logit).tokens);
	const start = Math.log(beta / alpha);
	// The root lies below the s at which α·s / (β·(1 − s)) equals 1 + D_inf/3D with the initial D, because D grows with s.
	const end = start + Math.log1p(inferenceTokens / (3 * best.tokens));
	const lifetimeOf = ({ parameters, tokens }: Allocation): Lifetime => {
		const trainingFlops = flopsOf(parameters, tokens);
		const inferenceFlops = 2 * parameters * inferenceTokens;
		return {
			parameters,
			tokens,
			loss: lossAt(law, parameters, tokens),
			tokensPerParameter: tokens / parameters,
			trainingFlops,
			inferenceFlops,
			flops: trainingFlops + inferenceFlops,
		};
	};
	const trainingOptimal = lifetimeOf(best);
	const lifetimeOptimal = inferenceTokens > 0 ? lifetimeOf(at(bisect(excess, start, end))) : trainingOptimal;
	return {
		inferenceTokens,
		trainingOptimal,
		lifetimeOptimal,
		saved: Math.max(0, 1 - lifetimeOptimal.flops / trainingOptimal.flops),
	};
}
