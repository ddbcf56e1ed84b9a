import { NORMS } from "./choices.ts";
import type { ModelConfig } from "./config.ts";
import { feedForwardSize, qkvSize } from "./parameters.ts";

/** Parameter counts by group. `total = nonEmbedding + embedding + head`. */
export interface ParameterCounts {
	/** N_T: every trained number. */
	total: number;
	/** N_\E: all but the token and position embeddings and an untied head (Kaplan et al. 2020). */
	nonEmbedding: number;
	/** Token and position embeddings: (vocabulary + context) × width (Pearce & Song 2024, section 3). */
	embedding: number;
	/** The head's own matrix; 0 when it is tied to the embedding. */
	head: number;
}

/** Trained numbers by what they belong to. */
export interface ParameterGroups {
	/** vocabulary · width */
	tokenEmbedding: number;
	/** context · width where positions are learned. */
	positionEmbedding: number;
	/**
	 * Per layer width · q + q + heads · headSize · width + width, with q = (heads + 2 · keyValueHeads) · headSize; the
	 * terms q and width alone are biases. And 2 · headSize gains of a QK-norm.
	 */
	attention: number;
	/** Per layer width · f + f + hidden · width + width, f = hidden or, for SwiGLU, twice that; f and width alone are biases. */
	feedForward: number;
	/** (2 · layers + 1) · width gains, and as many biases in a layer norm. */
	norms: number;
	/** vocabulary · width; 0 when it is tied to the embedding. */
	head: number;
}

/** Exact parameter counts by group. */
export function parameterGroups(config: ModelConfig): ParameterGroups {
	const { vocabulary, context, width, layers, heads, headSize, hidden, norm } = config;
	const bias = config.biases ? 1 : 0;
	const q = qkvSize(config);
	const f = feedForwardSize(config);
	const qkGains = config.qkNorm ? 2 * headSize : 0;
	return {
		tokenEmbedding: vocabulary * width,
		positionEmbedding: config.positions === "learned" ? context * width : 0,
		attention: layers * (width * q + bias * q + heads * headSize * width + bias * width + qkGains),
		feedForward: layers * (width * f + bias * f + hidden * width + bias * width),
		norms: NORMS[norm] ? (2 * layers + 1) * width * (NORMS[norm].mayHaveBiases ? 1 + bias : 1) : 0,
		head: config.tied ? 0 : vocabulary * width,
	};
}

/** Exact parameter counts of a model, as scaling laws group them. */
export function parameterCounts(config: ModelConfig): ParameterCounts {
	const { tokenEmbedding, positionEmbedding, attention, feedForward, norms, head } = parameterGroups(config);
	const nonEmbedding = attention + feedForward + norms;
	const embedding = tokenEmbedding + positionEmbedding;
	return { total: nonEmbedding + embedding + head, nonEmbedding, embedding, head };
}

/** Training compute counted both ways: C = 6·N·D (Kaplan et al. 2020, section 2.1). Unit: FLOP. */
export interface Flops {
	/** C_T = 6 · N_T · D. */
	total: number;
	/** C_\E = 6 · N_\E · D. */
	nonEmbedding: number;
}

/** Compute spent on `tokens` training tokens, in both conventions. */
export function trainingFlops(parameters: ParameterCounts, tokens: number): Flops {
	return { total: 6 * parameters.total * tokens, nonEmbedding: 6 * parameters.nonEmbedding * tokens };
}

/**
 * Exact model arithmetic of training on one token, FLOP, attention and head included:
 *
 *     3 · (layers · (2 · weights + 2 · heads · headSize · (context + 1)) + 2 · width · vocabulary)
 *
 * A multiply–add counts 2. `weights` are those of a layer's matrices, 12 · width² in GPT-2. The scores and the weighted
 * values of attention each take 2 · heads · headSize for every position a token sees, on average (context + 1) / 2 of
 * them under the causal mask. The backward pass takes twice the forward pass (Kaplan et al. 2020, section 2.1), hence 3.
 * Norms, biases, activations, rotations and the optimizer are not counted.
 */
export function modelFlopsPerToken(config: ModelConfig): number {
	const { vocabulary, context, width, layers, heads, headSize, hidden } = config;
	const queries = heads * headSize;
	const weights = width * (qkvSize(config) + queries + feedForwardSize(config) + hidden);
	return 3 * (layers * (2 * weights + 2 * queries * (context + 1)) + 2 * width * vocabulary);
}
