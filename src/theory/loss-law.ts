import { FLOPS_PER_PARAMETER } from "../architecture/flops.ts";

/**
 * The parametric loss law (Hoffmann et al. 2022, equation 2):
 *
 *     L(N, D) = E + A · N^−α + B · D^−β
 *
 * N is the total number of parameters and D the number of tokens, as plain counts: with A = 406.4, writing 70 for 70 billion
 * would make the second term 96 nats. Losses are in nats per token.
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
	/** Parameters, a plain count. */
	parameters: number;
	/** Training tokens. */
	tokens: number;
}

/** L(N, D), nats per token. */
export function lossAt({ E, A, B, alpha, beta }: LossLaw, parameters: number, tokens: number): number {
	return E + A * parameters ** -alpha + B * tokens ** -beta;
}

/** a = β / (α + β) in N* ∝ C^a; D* ∝ C^(1−a) (Hoffmann et al. 2022, equation 4). */
export function allocationExponent({ alpha, beta }: LossLaw): number {
	return beta / (alpha + beta);
}

/** γ = α·β / (α + β) in L* − E ∝ C^−γ. */
export function lossExponent({ alpha, beta }: LossLaw): number {
	return (alpha * beta) / (alpha + beta);
}

/** G = (α·A / (β·B))^(1/(α+β)) in N* = G · (C/6)^a (Hoffmann et al. 2022, equation 4). */
export function allocationScale({ A, B, alpha, beta }: LossLaw): number {
	return Math.exp(Math.log((alpha * A) / (beta * B)) / (alpha + beta));
}

/** The N and D that minimize the loss under 6·N·D = C (Hoffmann et al. 2022, equation 4). @param flops C, FLOP */
export function bestAllocation(law: LossLaw, flops: number): Allocation {
	const parameters = allocationScale(law) * (flops / FLOPS_PER_PARAMETER) ** allocationExponent(law);
	return { parameters, tokens: flops / FLOPS_PER_PARAMETER / parameters };
}

/**
 * The tokens that a model of N parameters needs to reach a loss; Infinity if it never does.
 *
 *     D = (B / (L − E − A·N^−α))^(1/β)
 */
export function tokensToReach({ E, A, B, alpha, beta }: LossLaw, parameters: number, loss: number): number {
	const left = loss - E - A * parameters ** -alpha;
	return left > 0 ? (B / left) ** (1 / beta) : Infinity;
}
