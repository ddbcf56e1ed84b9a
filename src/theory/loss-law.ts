import { FLOPS_PER_PARAMETER } from "../architecture/flops.ts";

/**
 * The parametric law of loss (Hoffmann et al. 2022, equation 2):
 *
 *     L(N, D) = E + A · N^−α + B · D^−β
 *
 * N counts parameters one by one, all of them, and D tokens: with A = 406.4 and N = 70 (billions) the second term would
 * be 96 nats. Losses are in nats per token.
 */
export interface LossLaw {
	/** Irreducible loss, nats per token. */
	E: number;
	A: number;
	B: number;
	alpha: number;
	beta: number;
}

/** Parameters and tokens of one training run. */
export interface Allocation {
	/** Parameters, each counted as one. */
	parameters: number;
	/** Training tokens. */
	tokens: number;
}

/** L(N, D), nats per token. */
export function lossAt({ E, A, B, alpha, beta }: LossLaw, parameters: number, tokens: number): number {
	return E + A * parameters ** -alpha + B * tokens ** -beta;
}

/** a = β / (α + β) of N* ∝ C^a; D* ∝ C^(1−a) (Hoffmann et al. 2022, equation 4). */
export function allocationExponent({ alpha, beta }: LossLaw): number {
	return beta / (alpha + beta);
}

/** γ = α·β / (α + β) of L* − E ∝ C^−γ. */
export function lossExponent({ alpha, beta }: LossLaw): number {
	return (alpha * beta) / (alpha + beta);
}

/** G = (α·A / (β·B))^(1/(α+β)) of N* = G · (C/6)^a (Hoffmann et al. 2022, equation 4). */
export function allocationScale({ A, B, alpha, beta }: LossLaw): number {
	return Math.exp(Math.log((alpha * A) / (beta * B)) / (alpha + beta));
}

/** The N and D of least loss with 6·N·D = C (Hoffmann et al. 2022, equation 4). @param flops C, FLOP */
export function bestAllocation(law: LossLaw, flops: number): Allocation {
	const parameters = allocationScale(law) * (flops / FLOPS_PER_PARAMETER) ** allocationExponent(law);
	return { parameters, tokens: flops / FLOPS_PER_PARAMETER / parameters };
}

/**
 * The tokens after which a model of N parameters reaches a loss; Infinity when it never does.
 *
 *     D = (B / (L − E − A·N^−α))^(1/β)
 */
export function tokensToReach({ E, A, B, alpha, beta }: LossLaw, parameters: number, loss: number): number {
	const left = loss - E - A * parameters ** -alpha;
	return left > 0 ? (B / left) ** (1 / beta) : Infinity;
}
