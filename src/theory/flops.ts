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

/** FLOP of the forward pass per token; a multiply–add counts 2. */
export interface ForwardFlops {
	/** Queries, keys and values, 6·d·k·h per layer, and the output projection, 2·k·h·d. */
	projections: number;
	/** Scores and weighted values, each 2·n·k·h per layer, and the softmax, 3·h·n; n positions are attended to. */
	attention: number;
	/** 4·d·f per layer. */
	feedForward: number;
	/** 2·V·d, as Hoffmann et al.'s appendix F counts looking up a token; a lookup really takes none. */
	embedding: number;
	/** 2·d·V. */
	head: number;
}

export interface FlopsOptions {
	/** n: tokens of a sequence. Attention is counted to all of them, as appendix F does. */
	context: number;
	vocabulary: number;
}

/** Hoffmann et al. 2022, appendix F, per token instead of per sequence. */
export function forwardFlops(
	{ layers, width, heads, keySize, feedForward }: TransformerShape,
	{ context, vocabulary }: FlopsOptions,
): ForwardFlops {
	const inner = keySize * heads;
	return {
		projections: layers * (6 * width * inner + 2 * inner * width),
		attention: layers * (4 * context * inner + 3 * heads * context),
		feedForward: layers * 4 * width * feedForward,
		embedding: 2 * vocabulary * width,
		head: 2 * width * vocabulary,
	};
}

/** Which parts of the arithmetic count, besides projections and feed-forward layers. */
export interface CountedParts {
	attention: boolean;
	embedding: boolean;
	head: boolean;
}

/** What the reference counts of Chinchilla's table A4 need: attention, and neither embedding nor head. */
export const CHINCHILLA_PARTS: CountedParts = { attention: true, embedding: false, head: false };

/** FLOP of training per token: three times the counted forward pass (Kaplan et al. 2020, section 2.1). */
export function trainingFlopsPerToken(
	shape: TransformerShape,
	options: FlopsOptions,
	{ attention, embedding, head }: CountedParts = CHINCHILLA_PARTS,
): number {
	const forward = forwardFlops(shape, options);
	return (
		3 *
		(forward.projections +
			forward.feedForward +
			(attention ? forward.attention : 0) +
			(embedding ? forward.embedding : 0) +
			(head ? forward.head : 0))
	);
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

/** Training FLOP per token as 6·N, in each way of counting N (Kaplan et al. 2020, section 2.1). */
export function sixN({ total, nonEmbedding, embedding }: ShapeCounts): Record<Counting, number> {
	return { total: 6 * total, nonembedding: 6 * nonEmbedding, "nonembedding+head": 6 * (nonEmbedding + embedding) };
}

/** Ways of counting parameters; the last adds the head's matrix, also where it is shared with the embedding. */
export type Counting = "total" | "nonembedding" | "nonembedding+head";

/** One model's training arithmetic in every way of counting, FLOP per token. */
export interface FlopsComparison {
	counts: ShapeCounts;
	sixN: Record<Counting, number>;
	/** Exact, by the parts that count besides projections and feed-forward layers; looking up a token counts nothing. */
	exact: { layers: number; attention: number; head: number; attentionAndHead: number };
}

/** Exact FLOP of training on a token with or without attention and head, beside 6·N in each way of counting N. */
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
