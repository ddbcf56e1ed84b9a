/** The text of a corpus, cleaned and split by document. */
export interface Corpus {
	id: string;
	/** For people: "State of the Union speeches". */
	title: string;
	/** SHA-256 of the cleaned text, in hexadecimal; see `packDocuments` in corpus-text.mjs. */
	hash: string;
	train: string[];
	validation: string[];
}

/** A corpus as tokens; documents are joined by the end-of-text token. Ids are below `vocabulary` ≤ 50,257. */
export interface TokenizedCorpus {
	corpus: { id: string; hash: string };
	vocabulary: number;
	train: Uint16Array<ArrayBuffer>;
	validation: Uint16Array<ArrayBuffer>;
}

/** The tokens that one run reads. Runs that share a corpus share the object. */
export interface RunCorpora {
	/** What it trains on: one corpus, or the parts of its mix in the order of its spec. */
	training: readonly TokenizedCorpus[];
	/** What it is evaluated on besides, in the order of its spec. */
	evaluations: readonly TokenizedCorpus[];
}

/** What is known of a corpus without reading its text. Sizes are bytes of UTF-8. */
export interface CorpusInfo {
	id: string;
	title: string;
	/** As in `Corpus`. */
	hash: string;
	trainBytes: number;
	/** Training and validation text together. */
	bytes: number;
}

/** Where a host (the page's worker, the command line) gets its corpora from. */
export interface CorpusSource {
	/**
	 * The built-in corpora and the user's files that this source knows. Where ids are paths (in Node), files in
	 * `wanted` (`file:<path>`) are read first, and one that cannot be read is an error; unknown ids are left to the caller.
	 */
	corpusInfo(wanted?: string[]): Promise<CorpusInfo[]>;
	/**
	 * Tokens of a corpus, from the cache when there are any.
	 *
	 * @param vocabulary 256 (bytes) … 50,257 (GPT-2)
	 * @param onProgress bytes of text done and in all; `done` never falls and ends at `total`
	 */
	loadTokenized(
		id: string,
		vocabulary: number,
		onProgress?: (done: number, total: number) => void,
		signal?: AbortSignal,
	): Promise<TokenizedCorpus>;
}
