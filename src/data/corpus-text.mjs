// Plain JavaScript: the script that writes public/corpora runs it in Node without a compiler. Types: corpus-text.d.mts.

/** Every 16th document is held out for validation: 6 %, spread evenly over the corpus. */
const HELD_OUT_EVERY = 16;

export const TRAINING_SHARE = 1 - 1 / HELD_OUT_EVERY;

/** Documents are separated by a form feed, which cleaned text cannot contain; two of them start the validation part. */
const DOCUMENT_SEPARATOR = "\f";
const PART_SEPARATOR = "\f\f";

export function cleanLines(text) {
	return (
		text
			.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
			// biome-ignore lint/suspicious/noControlCharactersInRegex: it removes them
			.replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufeff]/g, "")
			.normalize("NFC")
			// The look-behind avoids quadratic time on long runs of blanks.
			.replace(/(?<![ \t])[ \t]+$/gm, "")
	);
}

export function cleanText(text) {
	return cleanLines(text)
		.replace(/\n{3,}/g, "\n\n")
		.trim();
}

export function splitDocuments(documents) {
	const heldOut = (_, index) => index % HELD_OUT_EVERY === HELD_OUT_EVERY / 2;
	return {
		train: documents.filter((document, index) => !heldOut(document, index)),
		validation: documents.filter(heldOut),
	};
}

export function packDocuments({ train, validation }) {
	const parts = [train, validation].map((documents) => documents.join(DOCUMENT_SEPARATOR));
	return new TextEncoder().encode(parts.join(PART_SEPARATOR));
}

export function unpackDocuments(bytes) {
	const parts = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split(PART_SEPARATOR);
	const [train, validation] = parts.map((documents) => documents.split(DOCUMENT_SEPARATOR));
	return { train, validation };
}

export async function corpusHash(packed) {
	const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", packed));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
