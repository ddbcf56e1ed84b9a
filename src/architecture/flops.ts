import type { ModelConfig, TransformerConfig } from "./config.ts";
import { lstmWeights } from "./lstm.ts";
import { feedForwardSize, qkvSize } from "./parameters.ts";
import type { ParameterCounts } from "./size.ts";

/**
 * FLOP of training per parameter and token (Kaplan et al. 2020, section 2.1): a multiply–add counts 2, and the backward
 * pass takes twice the forward pass. C = 6·N·D rests on it.
 */
export const FLOPS_PER_PARAMETER = 6;

/** C = 6·N·D, FLOP, with N in whichever convention. */
export function flopsOf(parameters: number, tokens: number): number {
	return FLOPS_PER_PARAMETER * parameters * tokens;
}

/** D = C / 6N: the tokens that C FLOP train N parameters on. */
export function tokensOf(flops: number, parameters: number): number {
	return flops / (FLOPS_PER_PARAMETER * parameters);
}

/** Training compute C = 6·N·D in both conventions, FLOP. */
export interface Flops {
	/** C_T = 6 · N_T · D. */
	total: number;
	/** C_\E = 6 · N_\E · D. */
	nonEmbedding: number;
}

/** How parameters, and with them compute C = 6·N·D, are counted. */
export type Convention = keyof Flops;

/** Compute spent on `tokens` training tokens, in both conventions. */
export function trainingFlops(parameters: ParameterCounts, tokens: number): Flops {
	return { total: flopsOf(parameters.total, tokens), nonEmbedding: flopsOf(parameters.nonEmbedding, tokens) };
}

/** Exact model arithmetic of training on one token by part, FLOP. */
export interface FlopsPerToken {
	/** 6 · weights per layer, `weights` being those of its matrices: 12 · width² in GPT-2, 8 · width² in an LSTM. */
	layers: number;
	/**
	 * 6 · heads · headSize · (context + 1) per layer: the scores and the weighted values each take 2 · heads · headSize
	 * for every position a token sees, on average (context + 1) / 2 of them under the causal mask. 0 in an LSTM.
	 */
	attention: number;
	/** 6 · width · vocabulary for the logits. */
	head: number;
}

/**
 * Exact model arithmetic of training on one token by part, FLOP: three times the forward pass, as the backward pass takes
 * twice as much (Kaplan et al. 2020, section 2.1). A multiply–add counts 2. Norms, biases, activations, rotations and the
 * optimizer are not counted, nor is looking up an embedding.
 */
export function flopsPerTokenByPart(config: ModelConfig): FlopsPerToken {
	const { vocabulary, width, layers } = config;
	const weights = config.architecture === "lstm" ? lstmWeights(config) : transformerWeights(config);
	return {
		layers: 3 * layers * 2 * weights,
		attention: config.architecture === "lstm" ? 0 : attentionFlops(config),
		head: 3 * 2 * width * vocabulary,
	};
}

/** Entries of a block's matrices. */
function transformerWeights(config: TransformerConfig): number {
	const { width, heads, headSize, hidden } = config;
	return width * (qkvSize(config) + heads * headSize + feedForwardSize(config) + hidden);
}

function attentionFlops({ layers, heads, headSize, context }: TransformerConfig): number {
	return 3 * layers * 2 * heads * headSize * (context + 1);
}

/** Exact model arithmetic of training on one token, FLOP, attention and head included. */
export function modelFlopsPerToken(config: ModelConfig): number {
	const { layers, attention, head } = flopsPerTokenByPart(config);
	return layers + attention + head;
}
