/** Documents of a corpus by part. No document and no part is empty. */
export interface SplitDocuments {
	train: string[];
	validation: string[];
}

/** Ends lines with \n, removes control characters except tabs and trailing blanks, and normalizes to NFC. Idempotent. */
export function cleanLines(text: string): string;

/** `cleanLines`, with at most one blank line in a row and none at either end. */
export function cleanText(text: string): string;

/** Share of a corpus that is trained on, where documents are about equally long. */
export const TRAINING_SHARE: number;

/** Holds out every 16th document for validation, starting with the ninth. Needs at least nine documents. */
export function splitDocuments(documents: string[]): SplitDocuments;

/** A corpus as a file: UTF-8, documents joined by a form feed, the validation part after two form feeds. */
export function packDocuments(documents: SplitDocuments): Uint8Array<ArrayBuffer>;

/** The inverse of `packDocuments`. */
export function unpackDocuments(bytes: Uint8Array<ArrayBuffer>): SplitDocuments;

/** The identity of a corpus: SHA-256 of `packDocuments`, in hexadecimal (`sha256sum public/corpora/sotu.txt`). */
export function corpusHash(packed: Uint8Array<ArrayBuffer>): Promise<string>;
