import { NORMS } from "./choices.ts";
import type { ModelConfig, TransformerConfig } from "./config.ts";
import { GATES, lstmWeights } from "./lstm.ts";
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
	/** Per LSTM layer 8 · width² + 4 · width; the last term is biases. */
	recurrent: number;
	/** vocabulary · width; 0 when it is tied to the embedding. */
	head: number;
}

/** Exact parameter counts by group. */
export function parameterGroups(config: ModelConfig): ParameterGroups {
	const { vocabulary, width, layers } = config;
	const bias = config.biases ? 1 : 0;
	const outside = { tokenEmbedding: vocabulary * width, head: config.tied ? 0 : vocabulary * width };
	if (config.architecture === "lstm") {
		const recurrent = layers * (lstmWeights(config) + bias * GATES * width);
		return { ...outside, positionEmbedding: 0, attention: 0, feedForward: 0, norms: 0, recurrent };
	}
	return { ...outside, ...transformerGroups(config), recurrent: 0 };
}

function transformerGroups(config: TransformerConfig) {
	const { context, width, layers, heads, headSize, hidden, norm } = config;
	const bias = config.biases ? 1 : 0;
	const q = qkvSize(config);
	const f = feedForwardSize(config);
	const qkGains = config.qkNorm ? 2 * headSize : 0;
	return {
		positionEmbedding: config.positions === "learned" ? context * width : 0,
		attention: layers * (width * q + bias * q + heads * headSize * width + bias * width + qkGains),
		feedForward: layers * (width * f + bias * f + hidden * width + bias * width),
		norms: NORMS[norm] ? (2 * layers + 1) * width * (NORMS[norm].mayHaveBiases ? 1 + bias : 1) : 0,
	};
}

/** Exact parameter counts of a model, as scaling laws group them. */
export function parameterCounts(config: ModelConfig): ParameterCounts {
	const { tokenEmbedding, positionEmbedding, attention, feedForward, norms, recurrent, head } = parameterGroups(config);
	const nonEmbedding = attention + feedForward + norms + recurrent;
	const embedding = tokenEmbedding + positionEmbedding;
	return { total: nonEmbedding + embedding + head, nonEmbedding, embedding, head };
}
