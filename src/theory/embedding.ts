/**
 * How total parameters follow from non-embedding ones (Pearce & Song 2024, equation 11):
 *
 *     N_T = N_\E + ω · N_\E^δ
 *
 * With N_\E = 12·l·d² and a fixed aspect ratio d/l = A, d = (A·N_\E/12)^(1/3), hence δ = 1/3 and
 * ω = (vocabulary + positions) · (A/12)^(1/3). With a fixed depth instead, δ = 1/2.
 */
export interface Embedding {
	omega: number;
	/** From 0 to below 1. */
	delta: number;
}

/** Fitted to Chinchilla's 50 models with δ free, then used with δ = 1/3 (Pearce & Song 2024). */
export const PAPER_EMBEDDING: Embedding = { omega: 47491, delta: 1 / 3 };

/** The least and the most that can be given for each. */
export const EMBEDDING_BOUNDS: Record<keyof Embedding, readonly [least: number, most: number]> = {
	omega: [0, 1e12],
	delta: [0, 0.99],
};

/** N_T for a given N_\E. */
export function totalParameters({ omega, delta }: Embedding, nonEmbedding: number): number {
	return nonEmbedding + omega * nonEmbedding ** delta;
}

/** ω for models of a fixed aspect ratio width/layers, with 12·layers·width² non-embedding parameters and δ = 1/3. */
export function omegaOf(vocabularyAndPositions: number, aspectRatio: number): number {
	return vocabularyAndPositions * (aspectRatio / 12) ** (1 / 3);
}

/** The aspect ratio that an ω implies: the inverse of `omegaOf`. */
export function aspectRatioOf(omega: number, vocabularyAndPositions: number): number {
	return 12 * (omega / vocabularyAndPositions) ** 3;
}

/** d ln N_T / d ln N_\E. */
export function totalSlope({ omega, delta }: Embedding, nonEmbedding: number): number {
	const ratio = omega * nonEmbedding ** (delta - 1);
	return (1 + delta * ratio) / (1 + ratio);
}

/** d ln(N_\E · dN_T/dN_\E) / d ln N_\E. */
export function slopeOfSlope({ omega, delta }: Embedding, nonEmbedding: number): number {
	const ratio = omega * nonEmbedding ** (delta - 1);
	return (1 + delta * delta * ratio) / (1 + delta * ratio);
}
