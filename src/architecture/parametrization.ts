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

/** Factor of the logits. */
export function outputMultiplier(config: ModelConfig): number {
	return config.architecture === "lstm" ? 1 : 1 / widthRatio(config);
}

/** Factor of the products of queries and keys. */
export function attentionScale({ headSize, baseWidth }: TransformerConfig): number {
	return baseWidth === null ? 1 / Math.sqrt(headSize) : 1 / headSize;
}
