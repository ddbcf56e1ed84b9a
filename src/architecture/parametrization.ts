import type { ModelConfig, TransformerConfig } from "./config.ts";

/**
 * The maximal-update parametrization for Adam (Yang et al. 2022, table 8), relative to a model of `baseWidth` whose
 * other sizes are smaller by the same factor m = width / baseWidth:
 *
 * | | embeddings, biases, gains | head | other matrices |
 * |---|---|---|---|
 * | initial deviation × | 1 | 1 | 1/√m |
 * | learning rate × | 1 | 1 | 1/m |
 * | output × | 1 | 1/m | 1 |
 *
 * and attention scores are divided by headSize instead of its square root. Head and embedding are treated alike, so they can
 * be tied. The standard parametrization has m = 1 and divides by the square root. μP is for transformers alone here: the table does
 * not say how a matrix that is applied anew at every token scales.
 */
function widthRatio({ width, baseWidth }: TransformerConfig): number {
	return baseWidth === null ? 1 : width / baseWidth;
}

/** Factor of the initial deviation of matrices inside the blocks. */
export function hiddenDeviation(config: TransformerConfig): number {
	return 1 / Math.sqrt(widthRatio(config));
}

/** Factor of the learning rate of matrices inside the blocks. */
export function hiddenRate(config: TransformerConfig): number {
	return 1 / widthRatio(config);
}

/**
 * The factor of the learning rate under Muon, from Adam's: 1/√m. Adam's steps of a matrix inside the blocks have entries of the
 * rate's size that add up coherently, so their spectral norm grows with the width. A step of Muon has the spectral norm
 * 0.2·rate·√max(rows, columns), which grows with its square root. Divided by √m it keeps the same size at every width, as
 * the parametrization asks for (Yang, Simon & Bernstein 2023, "A spectral condition for feature learning").
 */
export function orthogonalRate(rateOfAdam: number): number {
	return Math.sqrt(rateOfAdam);
}

/** Factor of the logits. */
export function outputMultiplier(config: ModelConfig): number {
	return config.architecture === "lstm" ? 1 : 1 / widthRatio(config);
}

/** Factor of the products of queries and keys. */
export function attentionScale({ headSize, baseWidth }: TransformerConfig): number {
	return baseWidth === null ? 1 / Math.sqrt(headSize) : 1 / headSize;
}
