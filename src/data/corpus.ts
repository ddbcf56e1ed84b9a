/** The text of a corpus, cleaned and split by document. */
export interface Corpus {
	id: string;
	/** For people: "State of the Union speeches". */
	title: string;
	/** SHA-256 of the cleaned text, in hexadecimal. */
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
