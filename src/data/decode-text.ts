import { invalidUtf8, invalidUtf16, type Replaced } from "./invalid-bytes.ts";

/** A text and how its bytes were read. */
export interface DecodedText {
	/** Without a byte-order mark. */
	text: string;
	/** Whether the bytes were UTF-8 without a byte-order mark, so that offsets in the text can be turned into bytes. */
	plain: boolean;
	/** What was assumed and what could not be read, for a message that opens with the file's name; null where there is nothing to say. */
	note: string | null;
}

type Encoding = "UTF-8" | "UTF-16, little-endian" | "UTF-16, big-endian";

const LABELS: Record<Encoding, string> = {
	"UTF-8": "utf-8",
	"UTF-16, little-endian": "utf-16le",
	"UTF-16, big-endian": "utf-16be",
};

/** Bytes looked at where no mark tells the encoding. */
const SAMPLE = 4096;

/**
 * The text of a file's bytes: UTF-8, or UTF-16 by its byte-order mark or its zero bytes. What cannot be decoded becomes
 * U+FFFD, and the note counts it.
 *
 * @throws Error, to follow the file's name, for UTF-32
 */
export function decodeText(bytes: Uint8Array): DecodedText {
	const { encoding, mark } = encodingOf(bytes);
	const text = new TextDecoder(LABELS[encoding]).decode(bytes);
	const notes: string[] = [];
	if (encoding !== "UTF-8")
		notes.push(
			`was read as ${encoding}, ${mark ? "by its byte-order mark" : "because of its zero bytes; it has no byte-order mark"}`,
		);
	const replaced = text.includes("\ufffd") ? replacedBytes(bytes, encoding) : null;
	if (replaced && replaced.bytes > 0) notes.push(replacedText(replaced, encoding));
	return { text, plain: encoding === "UTF-8" && !mark, note: notes.length > 0 ? notes.join("; ") : null };
}

function encodingOf(bytes: Uint8Array): { encoding: Encoding; mark: boolean } {
	const begins = (...mark: number[]) => mark.every((byte, i) => bytes[i] === byte);
	if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff))
		throw new Error("is UTF-32 by its byte-order mark; it must be UTF-8 or UTF-16: save it as plain text in UTF-8");
	if (begins(0xef, 0xbb, 0xbf)) return { encoding: "UTF-8", mark: true };
	if (begins(0xff, 0xfe)) return { encoding: "UTF-16, little-endian", mark: true };
	if (begins(0xfe, 0xff)) return { encoding: "UTF-16, big-endian", mark: true };
	return { encoding: encodingByZeros(bytes.subarray(0, SAMPLE)), mark: false };
}

/** UTF-16 of a mostly Latin text has a zero byte in most pairs, always on the same side. */
function encodingByZeros(sample: Uint8Array): Encoding {
	const zeros = [0, 0];
	sample.forEach((byte, i) => {
		if (byte === 0) zeros[i % 2]!++;
	});
	const [even, odd] = zeros as [number, number];
	const most = sample.length / 4;
	if (odd > most && even === 0) return "UTF-16, little-endian";
	if (even > most && odd === 0) return "UTF-16, big-endian";
	return "UTF-8";
}

function replacedBytes(bytes: Uint8Array, encoding: Encoding): Replaced {
	return encoding === "UTF-8" ? invalidUtf8(bytes) : invalidUtf16(bytes, encoding === "UTF-16, little-endian");
}

function replacedText({ bytes, first, line }: Replaced, encoding: Encoding): string {
	const [count, offset, at] = [bytes, first + 1, line].map((value) => value.toLocaleString("en-US"));
	const what = bytes === 1 ? "has 1 byte that is" : `has ${count} bytes that are`;
	return (
		`${what} not ${encoding.split(",")[0]} and ${bytes === 1 ? "was" : "were"} replaced by U+FFFD, ` +
		`the first in line ${at} (byte ${offset} of the file)`
	);
}
