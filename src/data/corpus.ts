/** The text of a corpus, cleaned and split by document. */
export interface Corpus {
	id: string;
	/** Display name, such as "State of the Union speeches". */
	title: string;
	/** SHA-256 of the cleaned text, in hexadecimal; see `packDocuments` in corpus-text.mjs. */
	hash: string;
	train: string[];
	validation: string[];
}

/** A corpus as tokens, with end-of-text between documents. Ids are below `vocabulary` ≤ 50,257. */
export interface TokenizedCorpus {
	corpus: { id: string; hash: string };
	vocabulary: number;
	train: Uint16Array<ArrayBuffer>;
	validation: Uint16Array<ArrayBuffer>;
}

/** The tokens that one run reads. Runs with the same corpora share the object. */
export interface RunCorpora {
	/** Training corpora: one, or the parts of a mix in the order of the spec. */
	training: readonly TokenizedCorpus[];
	/** Additional corpora to evaluate on, in the order of the spec. */
	evaluations: readonly TokenizedCorpus[];
}

/** Describes a corpus without its text. Sizes are bytes of UTF-8. */
export interface CorpusInfo {
	id: string;
	title: string;
	/** As in `Corpus`. */
	hash: string;
	trainBytes: number;
	/** Training and validation text together. */
	bytes: number;
	/** How its file was read, where that is worth a word: the end of a sentence that begins with its name. */
	note?: string;
}

/** Provides corpora to a host: the page's worker or the command line. */
export interface CorpusSource {
	/**
	 * The built-in corpora and the known user files. In Node, ids are paths: files in `wanted` (`file:<path>`) are read
	 * first, and an unreadable one is an error. Unknown ids are ignored.
	 */
	corpusInfo(wanted?: string[]): Promise<CorpusInfo[]>;
	/**
	 * Tokens of a corpus, cached where possible.
	 *
	 * @param vocabulary 256 (bytes) … 50,257 (GPT-2)
	 * @param onProgress bytes of text tokenized, and their total; `done` never decreases and ends at `total`
	 */
	loadTokenized(
		id: string,
		vocabulary: number,
		onProgress?: (done: number, total: number) => void,
		signal?: AbortSignal,
	): Promise<TokenizedCorpus>;
}
