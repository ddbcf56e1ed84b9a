/** Documents of a corpus by part. None is empty, and neither is a part. */
export interface SplitDocuments {
	train: string[];
	validation: string[];
}

/** Line ends as \n, no other control characters but tabs, Unicode NFC, no blanks at line ends. Applying it twice changes nothing. */
export function cleanLines(text: string): string;

/** `cleanLines`, with at most one blank line in a row and none around the text. */
export function cleanText(text: string): string;

/** Holds every 16th document out for validation, beginning with the ninth; at least nine documents. */
export function splitDocuments(documents: string[]): SplitDocuments;

/** A corpus as a file: UTF-8, documents joined by a form feed, the validation part after two form feeds. */
export function packDocuments(documents: SplitDocuments): Uint8Array<ArrayBuffer>;

/** The inverse of `packDocuments`. */
export function unpackDocuments(bytes: Uint8Array<ArrayBuffer>): SplitDocuments;

/** The identity of a corpus: SHA-256 of `packDocuments`, in hexadecimal (`sha256sum public/corpora/sotu.txt`). */
export function corpusHash(packed: Uint8Array<ArrayBuffer>): Promise<string>;
