import { modelConfig } from "../architecture/config.ts";
import type { Count } from "../architecture/counting.ts";
import { FLOPS_PER_PARAMETER, type FlopsPerToken, flopsPerTokenByPart } from "../architecture/flops.ts";

/** A transformer as Hoffmann et al. 2022 list it (table A9). */
export interface TransformerShape {
	layers: number;
	/** d_model. */
	width: number;
	heads: number;
	/** Size of a head's keys, queries and values. */
	keySize: number;
	/** ffw_size. */
	feedForward: number;
}

/** FLOP of training on one token by part, as appendix F of Hoffmann et al. 2022 counts it. */
export interface AppendixFFlops extends FlopsPerToken {
	/** 6·V·d for looking up a token, which really takes none. */
	embedding: number;
}

export interface FlopsOptions {
	/** n: tokens of a sequence. */
	context: number;
	vocabulary: number;
}

/**
 * Hoffmann et al. 2022, appendix F, per token instead of per sequence. Layers and head are those of
 * `flopsPerTokenByPart`; attention is counted to all n positions instead of those under the causal mask, 4·n·k·h for scores
 * and weighted values and 3·h·n for the softmax, times 3 for training.
 */
export function appendixFFlops(shape: TransformerShape, { context, vocabulary }: FlopsOptions): AppendixFFlops {
	const { layers, width, heads, keySize, feedForward } = shape;
	const config = modelConfig({ vocabulary, context, width, layers, heads, headSize: keySize, hidden: feedForward });
	return {
		...flopsPerTokenByPart(config),
		attention: 3 * layers * (4 * context * keySize * heads + 3 * heads * context),
		embedding: 3 * 2 * vocabulary * width,
	};
}

/** Which parts of the arithmetic count, besides the matrices of the layers. */
export interface CountedParts {
	attention: boolean;
	embedding: boolean;
	head: boolean;
}

/** What the reference counts of Chinchilla's table A4 need: attention, and neither embedding nor head. */
const TABLE_A4_PARTS: CountedParts = { attention: true, embedding: false, head: false };

/** FLOP of training on one token, by appendix F. Counts the parts of table A4 by default. */
export function trainingFlopsPerToken(
	shape: TransformerShape,
	options: FlopsOptions,
	{ attention, embedding, head }: CountedParts = TABLE_A4_PARTS,
): number {
	const flops = appendixFFlops(shape, options);
	return flops.layers + (attention ? flops.attention : 0) + (embedding ? flops.embedding : 0) + (head ? flops.head : 0);
}

/** Parameters of such a transformer by group; the head shares the embedding's matrix. */
export interface ShapeCounts {
	/** N_T = N_\E + N_E. */
	total: number;
	/** Matrices of attention with relative positions, l·(5·d·k·h + 2·k·h), and of feed-forward layers, l·2·d·f. */
	nonEmbedding: number;
	/** V·d. */
	embedding: number;
}

/** Counts as Chinchilla's table A9 seems to: biases and norms are left out. */
export function countParameters(
	{ layers, width, heads, keySize, feedForward }: TransformerShape,
	vocabulary: number,
): ShapeCounts {
	const inner = keySize * heads;
	const nonEmbedding = layers * (5 * width * inner + 2 * inner + 2 * width * feedForward);
	const embedding = vocabulary * width;
	return { total: nonEmbedding + embedding, nonEmbedding, embedding };
}

/** Training FLOP per token as 6·N, in each way of counting N. */
export function sixN({ total, nonEmbedding, embedding }: ShapeCounts): Record<Count, number> {
	return {
		total: FLOPS_PER_PARAMETER * total,
		nonembedding: FLOPS_PER_PARAMETER * nonEmbedding,
		"nonembedding+head": FLOPS_PER_PARAMETER * (nonEmbedding + embedding),
	};
}

/** One model's training arithmetic in every way of counting, FLOP per token. */
export interface FlopsComparison {
	counts: ShapeCounts;
	sixN: Record<Count, number>;
	/** By appendix F, by the parts that count besides the matrices of the layers; looking up a token counts nothing. */
	exact: { layers: number; attention: number; head: number; attentionAndHead: number };
}

/** FLOP of training on one token with and without attention and head, beside 6·N in each way of counting N. */
export function compareFlops(shape: TransformerShape, options: FlopsOptions): FlopsComparison {
	const counts = countParameters(shape, options.vocabulary);
	const exact = (attention: boolean, head: boolean) =>
		trainingFlopsPerToken(shape, options, { attention, embedding: false, head });
	return {
		counts,
		sixN: sixN(counts),
		exact: {
			layers: exact(false, false),
			attention: exact(true, false),
			head: exact(false, true),
			attentionAndHead: exact(true, true),
		},
	};
}
