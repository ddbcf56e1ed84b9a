/** A corpus by name, and the SHA-256 of its cleaned text, in hexadecimal. */
export interface CorpusId {
	id: string;
	hash: string;
}

/** One corpus or a mix. Of a mix, `id` lists the parts for people, and `hash` is that of `mix` as canonical JSON. */
export interface CorpusSpec extends CorpusId {
	/** The corpora of a mix, ordered by id, with their shares of the sequences, which sum to 1. */
	mix?: (CorpusId & { weight: number })[];
	/** Distinct training tokens that the run may read, divided over a mix by weight; absent: all there are. */
	uniqueTokens?: number;
}

/** A corpus that a run reads, with its share of the sequences and of the unique tokens. */
export interface TrainingPart extends CorpusId {
	weight: number;
	uniqueTokens?: number;
}

/** What a run reads: its corpus, or the parts of its mix. */
export function trainingParts({ corpus }: { corpus: CorpusSpec }): TrainingPart[] {
	const { id, hash, mix = [{ id, hash, weight: 1 }], uniqueTokens } = corpus;
	if (uniqueTokens === undefined) return mix;
	return mix.map((part) => ({ ...part, uniqueTokens: Math.round(uniqueTokens * part.weight) }));
}
