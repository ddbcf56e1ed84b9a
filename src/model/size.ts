import { FEED_FORWARD_EXPANSION, type ModelConfig } from "./config.ts";

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

/** Exact parameter counts of a model. */
export function parameterCounts(config: ModelConfig): ParameterCounts {
	const { vocabulary, context, width, layers, tied } = config;
	const hidden = FEED_FORWARD_EXPANSION * width;
	const attention = width * 3 * width + 3 * width + width * width + width;
	const feedForward = width * hidden + hidden + hidden * width + width;
	const norms = 4 * width;
	const nonEmbedding = layers * (attention + feedForward + norms) + 2 * width;
	const embedding = (vocabulary + context) * width;
	const head = tied ? 0 : vocabulary * width;
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
