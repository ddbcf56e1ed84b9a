import { ACTIVATIONS } from "../architecture/choices.ts";
import type { TransformerConfig } from "../architecture/config.ts";
import { type FlopsPerToken, flopsOf, flopsPerTokenByPart, modelFlopsPerToken } from "../architecture/flops.ts";
import { type ParameterCounts, parameterCounts } from "../architecture/size.ts";
import { countParameters, trainingFlopsPerToken } from "./hoffmann-flops.ts";

/** A way of counting the compute of training. */
export interface CountedCompute {
	/** N; null where no parameters are counted. */
	parameters: number | null;
	/** FLOP of the whole training. */
	flops: number;
	/** `flops` over the exact count. */
	ratio: number;
}

/** One model trained on D tokens: 6·N·D with each N, beside the exact count and its parts. */
export interface ExactFlops {
	counts: ParameterCounts;
	/** 6·N·D with N_T, with N_\E, and with N_\E and the vocabulary's matrix in the head, tied or not. */
	sixND: Record<"total" | "nonEmbedding" | "nonEmbeddingAndHead", CountedCompute>;
	/** Layers' matrices, attention over the positions that a token sees, and head; `ratio` is each one's share. */
	exact: Record<keyof FlopsPerToken | "all", CountedCompute>;
	/**
	 * Hoffmann et al. 2022, appendix F, with the parts of their table A4: attention over all positions and its softmax, no head;
	 * `toSixND` is that table's ratio, to 6·N·D with the parameters of their table A9. Null for what it has no formula for: gated
	 * feed-forward layers, and keys that heads share.
	 */
	appendixF: (CountedCompute & { toSixND: number }) | null;
}

/** Training compute of a transformer over `tokens` tokens by every way of counting, FLOP. */
export function exactFlops(config: TransformerConfig, tokens: number): ExactFlops {
	const counts = parameterCounts(config);
	const all = modelFlopsPerToken(config) * tokens;
	const counted = (parameters: number | null, flops: number): CountedCompute => ({
		parameters,
		flops,
		ratio: flops / all,
	});
	const sixND = (parameters: number) => counted(parameters, flopsOf(parameters, tokens));
	const parts = flopsPerTokenByPart(config);
	return {
		counts,
		sixND: {
			total: sixND(counts.total),
			nonEmbedding: sixND(counts.nonEmbedding),
			nonEmbeddingAndHead: sixND(counts.nonEmbedding + config.vocabulary * config.width),
		},
		exact: {
			layers: counted(null, parts.layers * tokens),
			attention: counted(null, parts.attention * tokens),
			head: counted(null, parts.head * tokens),
			all: counted(null, all),
		},
		appendixF: appendixF(config, tokens, counted),
	};
}

function appendixF(
	config: TransformerConfig,
	tokens: number,
	counted: (parameters: number, flops: number) => CountedCompute,
): ExactFlops["appendixF"] {
	const { layers, width, heads, keyValueHeads, headSize: keySize, hidden: feedForward, context, vocabulary } = config;
	if (ACTIVATIONS[config.activation].gated || keyValueHeads !== heads) return null;
	const shape = { layers, width, heads, keySize, feedForward };
	const { total } = countParameters(shape, vocabulary);
	const flops = trainingFlopsPerToken(shape, { context, vocabulary }) * tokens;
	return { ...counted(total, flops), toSixND: flops / flopsOf(total, tokens) };
}
