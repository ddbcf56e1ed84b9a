/**
 * Ways of counting N, and with it C = 6·N·D: N_T, N_\E, or N_\E with the matrix of the logits, whose arithmetic costs as
 * much as a layer's, also where it is shared with the embedding.
 */
export const COUNTS = ["total", "nonembedding", "nonembedding+head"] as const;
export type Count = (typeof COUNTS)[number];
