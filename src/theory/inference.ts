import { flopsOf } from "../architecture/flops.ts";
import { bisect } from "../maths/search.ts";
import { type Allocation, bestAllocation, type LossLaw, lossAt } from "./loss-law.ts";

/** Training and use of one model. Compute in FLOP. */
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

/** A model that is best to train, and one as good that is best to train and use. */
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
 * The inference-aware optimum (Sardana et al. 2023, arXiv:2401.00448): of all models with the loss that C FLOP
 * of training can buy, the one of least lifetime compute
 *
 *     min 6·N·D + 2·N·D_inf   subject to   L(N, D) = L*(C)
 *
 * With s the share of parameters in the reducible loss, A·N^−α = s·(L − E) and B·D^−β = (1 − s)·(L − E), the optimum is
 * the zero of α·s / (β·(1 − s)) − 1 − D_inf / 3D, which rises with s. At D_inf = 0 it gives s = β/(α+β), the
 * training optimum.
 *
 * @param flops C, FLOP of training that set the loss
 */
export function planForInference(law: LossLaw, flops: number, inferenceTokens: number): InferencePlan {
	const { E, A, B, alpha, beta } = law;
	const best = bestAllocation(law, flops);
	const reducible = lossAt(law, best.parameters, best.tokens) - E;
	// In the logit of s: the share of the data may become tiny.
	const shares = (logit: number) => ({ size: 1 / (1 + Math.exp(-logit)), data: 1 / (1 + Math.exp(logit)) });
	const at = (logit: number): Allocation => {
		const { size, data } = shares(logit);
		return { parameters: (A / (size * reducible)) ** (1 / alpha), tokens: (B / (data * reducible)) ** (1 / beta) };
	};
	const excess = (logit: number) => (alpha / beta) * Math.exp(logit) - 1 - inferenceTokens / (3 * at(logit).tokens);
	const start = Math.log(beta / alpha);
	// Where α·s / (β·(1 − s)) reaches 1 + D_inf/3D of the start, it is past the zero: D only grows.
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
