/**
 * Kaplan et al. 2020, arXiv:2001.08361: laws for the test loss (nats per token of WebText2) and for compute-efficient training.
 * N counts non-embedding parameters, D tokens, and C = 6·N·D with that N, in PF-days.
 */

export const KAPLAN_SOURCE = "Kaplan et al. 2020, arXiv:2001.08361";

/** FLOP in a petaflop-day: 10^15 · 24 · 3600. */
export const PF_DAY = 8.64e19;

/** y = (scale / x)^exponent. */
export interface InversePower {
	scale: number;
	exponent: number;
}

/** L(N) = (8.8e13 / N)^0.076, with unlimited data and steps (equation 1.1). */
export const KAPLAN_LOSS_OF_PARAMETERS: InversePower = { scale: 8.8e13, exponent: 0.076 };
/** L(D) = (5.4e13 / D)^0.095, for a large model with early stopping (equation 1.2). */
export const KAPLAN_LOSS_OF_TOKENS: InversePower = { scale: 5.4e13, exponent: 0.095 };
/** L(C) = (1.6e7 / C)^0.057, C in PF-days at a fixed batch of 2^19 tokens (appendix A). */
export const KAPLAN_LOSS_OF_FLOPS: InversePower = { scale: 1.6e7, exponent: 0.057 };
/** L(C_min) = (3.1e8 / C_min)^0.050, C_min in PF-days at batches far below the critical one (equation 1.3). */
export const KAPLAN_LOSS_OF_MINIMAL_FLOPS: InversePower = { scale: 3.1e8, exponent: 0.05 };

/** L(N, D) = ((N_c / N)^(α_N/α_D) + D_c / D)^α_D (equation 1.5, table 2). */
export const KAPLAN_JOINT = {
	parameters: { scale: 6.4e13, exponent: 0.076 },
	tokens: { scale: 1.8e13, exponent: 0.103 },
} as const satisfies Record<string, InversePower>;

/** N(C) = 1.6e9 · C^0.88 at a fixed batch (appendix A). `parameters` is N at one PF-day. */
export const KAPLAN_SIZE = { parameters: 1.6e9, exponent: 0.88 };
/** N(C_min) = 1.3e9 · C_min^0.73 (equation 6.1, appendix A). `parameters` is N at one PF-day. */
export const KAPLAN_MINIMAL_SIZE = { parameters: 1.3e9, exponent: 0.73 };

/** D(C_min) = 2e10 · C_min^0.27 at the critical batch (appendix A). `tokens` is D at one PF-day. */
export const KAPLAN_MINIMAL_TOKENS = { tokens: 2e10, exponent: 0.27 };

/** B_crit(L) = 2e8 tokens / L^(1/0.21) (equation 5.3). */
export const KAPLAN_CRITICAL_BATCH = { tokens: 2e8, exponent: 0.21 };

export function inversePower({ scale, exponent }: InversePower, x: number): number {
	return (scale / x) ** exponent;
}

/** L(N, D) of `KAPLAN_JOINT`, nats per token. */
export function kaplanLoss(nonEmbedding: number, tokens: number): number {
	const { parameters: n, tokens: d } = KAPLAN_JOINT;
	return ((n.scale / nonEmbedding) ** (n.exponent / d.exponent) + d.scale / tokens) ** d.exponent;
}

/** The critical batch size at a loss, tokens. */
export function criticalBatch(loss: number): number {
	return KAPLAN_CRITICAL_BATCH.tokens * loss ** (-1 / KAPLAN_CRITICAL_BATCH.exponent);
}
