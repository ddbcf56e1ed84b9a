import type { Corpus, CorpusInfo } from "./corpus.ts";
import { cleanLines, cleanText, corpusHash, packDocuments, splitDocuments } from "./corpus-text.mjs";

/** Shorter texts may leave a validation part too short for one sequence. Unit: characters. */
const MINIMUM_LENGTH = 20_000;
/** Longer texts may not fit in a JavaScript string; hosts reject them before reading. */
export const MAXIMUM_TEXT_BYTES = 500_000_000;
/** Longest piece of a text that is not split by document. Unit: characters. */
const PIECE_LENGTH = 16_384;
/** Texts with fewer documents are not split by document. */
const MINIMUM_DOCUMENTS = 16;
/** Allowed share of the validation part; outside it, documents are too uneven in length to split by document. */
const VALIDATION_SHARE = { least: 0.02, most: 0.2 };

/**
 * Makes a corpus `file:<name>` from a user's text. Documents are separated by two or more blank lines or by a line
 * "<|endoftext|>". A text with fewer than 16 documents, or of very uneven length, is cut into equal pieces instead. Every
 * 16th document or piece is held out for validation.
 *
 * @param name of the file, for id, title and messages; a path in Node
 * @throws Error when the text is empty, too short, or not UTF-8
 */
export async function textCorpus(name: string, text: string): Promise<Corpus> {
	rejectBinary(name, text);
	const documents = cleanLines(withoutGutenbergLicense(text))
		.split(/\n{3,}|^<\|endoftext\|>$/m)
		.map(cleanText)
		.filter((document) => document !== "");
	const length = documents.reduce((sum, document) => sum + document.length, 0);
	if (length < MINIMUM_LENGTH) {
		const found = length === 0 ? "is empty" : `has ${format(length)} characters of text`;
		throw new Error(
			`${name} ${found}; a corpus needs at least ${format(MINIMUM_LENGTH)}, and preferably a million; choose a longer text`,
		);
	}
	const byDocument = splitDocuments(documents);
	const heldOut = byDocument.validation.reduce((sum, document) => sum + document.length, 0) / length;
	const even = heldOut >= VALIDATION_SHARE.least && heldOut <= VALIDATION_SHARE.most;
	const split =
		documents.length >= MINIMUM_DOCUMENTS && even ? byDocument : splitDocuments(equalPieces(documents.join("\n\n")));
	const hash = await corpusHash(packDocuments(split));
	return { id: `file:${name}`, title: name.replace(/^.*[/\\]/, ""), hash, ...split };
}

/** Name, hash and sizes of a corpus, and what is to be said on how its file was read. */
export function describeCorpus({ id, title, hash, train, validation }: Corpus, note: string | null = null): CorpusInfo {
	const utf8 = new TextEncoder();
	const count = (documents: string[]) => documents.reduce((sum, document) => sum + utf8.encode(document).length, 0);
	const trainBytes = count(train);
	return { id, title, hash, trainBytes, bytes: trainBytes + count(validation), ...(note !== null && { note }) };
}

function rejectBinary(name: string, text: string): void {
	const where = (index: number) => `line ${format(text.slice(0, index).split(/\r\n?|\n/).length)}`;
	const zero = text.indexOf("\0");
	if (zero >= 0)
		throw new Error(
			`${name} is not a text file: it has a zero byte in ${where(zero)}; choose a plain text file in UTF-8`,
		);
	const undecoded = text.split("\ufffd").length - 1;
	if (undecoded > text.length / 1000)
		throw new Error(
			`${name} is not UTF-8: ${format(undecoded)} characters cannot be decoded, the first in ` +
				`${where(text.indexOf("\ufffd"))}; save it as plain text in UTF-8`,
		);
}

/** Removes the header and license of Project Gutenberg's files. */
function withoutGutenbergLicense(text: string): string {
	const start = /^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK[^\n]*$/m.exec(text);
	const body = start ? text.slice(start.index + start[0].length) : text;
	const end = /^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK/m.exec(body);
	return end ? body.slice(0, end.index) : body;
}

/** At least 16 pieces of about equal length, cut after a line or a word where possible. */
function equalPieces(text: string): string[] {
	const count = Math.max(MINIMUM_DOCUMENTS, Math.ceil(text.length / PIECE_LENGTH));
	const pieces: string[] = [];
	let start = 0;
	for (let i = 1; i <= count; i++) {
		const end = i === count ? text.length : cutBefore(text, start, Math.round((text.length * i) / count));
		const piece = text.slice(start, end).trim();
		if (piece !== "") pieces.push(piece);
		start = end;
	}
	return pieces;
}

/** Where to cut `text` in the second half of start … end: after a line or a word where possible. */
function cutBefore(text: string, start: number, end: number): number {
	const middle = (start + end) >> 1;
	const candidates = text.slice(middle, end);
	for (const blank of ["\n", " "]) {
		const cut = candidates.lastIndexOf(blank);
		if (cut >= 0) return middle + cut + 1;
	}
	const pair = text.codePointAt(end - 1) as number;
	return pair > 0xffff ? end - 1 : end;
}

function format(count: number): string {
	return count.toLocaleString("en-US");
}
