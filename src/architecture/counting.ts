/**
 * Ways of counting N, and with it C = 6·N·D: N_T, N_\E, or N_\E with the matrix of the logits, whose arithmetic costs as
 * much as a layer's, also where it is shared with the embedding.
 */
export const COUNTS = ["total", "nonembedding", "nonembedding+head"] as const;
export type Count = (typeof COUNTS)[number];

/**
 * Ways of counting a study's parameters and compute together, from Kaplan et al.'s on, each step counting more: N_\E; N_\E with
 * the head; N_T, as Hoffmann et al.; N_T with the exact arithmetic of the model as its compute. The first three take C = 6·N·D.
 */
export const COUNTINGS = ["nonembedding", "nonembedding+head", "total", "exact"] as const;
export type Counting = (typeof COUNTINGS)[number];
