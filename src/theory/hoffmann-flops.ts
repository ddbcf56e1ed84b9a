import { modelConfig } from "../architecture/config.ts";
import type { Count } from "../architecture/counting.ts";
import { FLOPS_PER_PARAMETER, type FlopsPerToken, flopsPerTokenByPart } from "../architecture/flops.ts";

/** A transformer's shape as Hoffmann et al. 2022 list it (table A9). */
export interface TransformerShape {
	layers: number;
	/** d_model. */
	width: number;
	heads: number;
	/** Size of one head's keys, queries and values. */
	keySize: number;
	/** ffw_size. */
	feedForward: number;
}

/** Training FLOP per token by part, as counted in appendix F of Hoffmann et al. 2022. */
export interface AppendixFFlops extends FlopsPerToken {
	/** 6·V·d for looking up a token, which in fact takes no arithmetic. */
	embedding: number;
}

export interface FlopsOptions {
	/** n: tokens of a sequence. */
	context: number;
	vocabulary: number;
}

/**
 * Hoffmann et al. 2022, appendix F, per token instead of per sequence. Layers and head are as in `flopsPerTokenByPart`.
 * Attention covers all n positions rather than only those that the causal mask allows: 4·n·k·h for scores and weighted
 * values and 3·h·n for the softmax, times 3 for training.
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

/** Which parts to count besides the layers' matrices. */
export interface CountedParts {
	attention: boolean;
	embedding: boolean;
	head: boolean;
}

/** The parts behind the FLOP counts in Chinchilla's table A4: attention, but neither embedding nor head. */
const TABLE_A4_PARTS: CountedParts = { attention: true, embedding: false, head: false };

/** Training FLOP per token by appendix F; by default with the parts of table A4. */
export function trainingFlopsPerToken(
	shape: TransformerShape,
	options: FlopsOptions,
	{ attention, embedding, head }: CountedParts = TABLE_A4_PARTS,
): number {
	const flops = appendixFFlops(shape, options);
	return flops.layers + (attention ? flops.attention : 0) + (embedding ? flops.embedding : 0) + (head ? flops.head : 0);
}

/** Parameters by group; the head shares the embedding's matrix. */
export interface ShapeCounts {
	/** N_T = N_\E + N_E. */
	total: number;
	/** Matrices of attention with relative positions, l·(5·d·k·h + 2·k·h), and of feed-forward layers, l·2·d·f. */
	nonEmbedding: number;
	/** V·d. */
	embedding: number;
}

/** Parameter counts as they appear to be made in Chinchilla's table A9: without biases and norms. */
export function countParameters(
	{ layers, width, heads, keySize, feedForward }: TransformerShape,
	vocabulary: number,
): ShapeCounts {
	const inner = keySize * heads;
	const nonEmbedding = layers * (5 * width * inner + 2 * inner + 2 * width * feedForward);
	const embedding = vocabulary * width;
	return { total: nonEmbedding + embedding, nonEmbedding, embedding };
}

/** Training FLOP per token as 6·N, for each convention of counting N. */
export function sixN({ total, nonEmbedding, embedding }: ShapeCounts): Record<Count, number> {
	return {
		total: FLOPS_PER_PARAMETER * total,
		nonembedding: FLOPS_PER_PARAMETER * nonEmbedding,
		"nonembedding+head": FLOPS_PER_PARAMETER * (nonEmbedding + embedding),
	};
}

/** One model's training arithmetic by every convention, in FLOP per token. */
export interface FlopsComparison {
	counts: ShapeCounts;
	sixN: Record<Count, number>;
	/** By appendix F, with different parts besides the layers' matrices; token lookup is never counted. */
	exact: { layers: number; attention: number; head: number; attentionAndHead: number };
}

/** Training FLOP per token with and without attention and head, and 6·N for each convention of counting N. */
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
