import type { Corpus, CorpusInfo } from "./corpus.ts";
import { cleanLines, cleanText, corpusHash, packDocuments, splitDocuments } from "./corpus-text.mjs";

/** Fewer characters than this leave a validation part too short for one sequence. */
const MINIMUM_LENGTH = 20_000;
/** A text of more bytes than this does not fit a JavaScript string with certainty; hosts refuse it before reading. */
export const MAXIMUM_TEXT_BYTES = 500_000_000;
/** Longest piece, in characters, when the text has no documents of its own. */
const PIECE_LENGTH = 16_384;
/** Fewest documents that are worth splitting by document. */
const MINIMUM_DOCUMENTS = 16;
/** Share of the text that validation may take; beyond it documents are too unlike in length to be split. */
const VALIDATION_SHARE = { least: 0.02, most: 0.2 };

/**
 * A user's own text as a corpus `file:<name>`. Documents end at two or more blank lines or at a line
 * "<|endoftext|>"; a text with fewer than 16, or with very unequal ones, is cut into pieces of equal length instead.
 * Every 16th is held out for validation.
 *
 * @param name of the file, for id, title and messages; a path in Node
 * @throws Error when the text is empty, too short, or not text in UTF-8
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
			`${name} ${found}; a corpus needs at least ${format(MINIMUM_LENGTH)} (and better a million): choose a longer text`,
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

/** Name, hash and sizes of a corpus. */
export function describeCorpus({ id, title, hash, train, validation }: Corpus): CorpusInfo {
	const utf8 = new TextEncoder();
	const count = (documents: string[]) => documents.reduce((sum, document) => sum + utf8.encode(document).length, 0);
	const trainBytes = count(train);
	return { id, title, hash, trainBytes, bytes: trainBytes + count(validation) };
}

function rejectBinary(name: string, text: string): void {
	const where = (index: number) => `line ${format(text.slice(0, index).split(/\r\n?|\n/).length)}`;
	const zero = text.indexOf("\0");
	if (zero >= 0) throw new Error(`${name} is not a text file: byte 0 in ${where(zero)}; choose a plain text in UTF-8`);
	const undecoded = text.split("\ufffd").length - 1;
	if (undecoded > text.length / 1000)
		throw new Error(
			`${name} is not UTF-8: ${format(undecoded)} characters cannot be read, the first in ` +
				`${where(text.indexOf("\ufffd"))}; save it as plain text in UTF-8`,
		);
}

/** Project Gutenberg's files carry a header and a licence around the text. */
function withoutGutenbergLicense(text: string): string {
	const start = /^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK[^\n]*$/m.exec(text);
	const body = start ? text.slice(start.index + start[0].length) : text;
	const end = /^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK/m.exec(body);
	return end ? body.slice(0, end.index) : body;
}

/** At least 16 pieces of about the same length, cut after a line or a word where there is one. */
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

/** A good place to cut `text` in the second half of start … end. */
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
