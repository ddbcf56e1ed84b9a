import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { type DecodedText, decodeText } from "../../data/decode-text.ts";

/** Most bytes that a compressed file may unpack to. */
const MOST_UNPACKED = 512 * 1024 * 1024;

/** Takes a sentence on how a file was read. */
export type Note = (text: string) => void;

const silent: Note = () => {};

/**
 * The text of a file in UTF-8 or UTF-16, unpacked if it is compressed by gzip, whatever its name.
 *
 * @param note hears of an encoding that was assumed and of bytes that were replaced
 * @throws Error naming the file if it is no whole gzip file or unpacks to more than `most` bytes; as `readFile` otherwise
 */
export async function readText(file: string, note: Note = silent, most = MOST_UNPACKED): Promise<string> {
	return textOf(file, unpacked(file, await readFile(file), most), note).text;
}

/** The text of the standard input, read like that of a file. @throws Error if it is longer than `most` bytes */
export async function readInput(note: Note = silent, most = MOST_UNPACKED): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		length += chunk.length;
		if (length > most) throw new Error(`standard input is longer than ${most} bytes; that is the limit`);
		chunks.push(chunk);
	}
	return textOf("standard input", unpacked("standard input", Buffer.concat(chunks), most), note).text;
}

/** The text of a file's bytes. Throws an Error naming the file if its encoding is not read. */
export function textOf(file: string, bytes: Uint8Array, note: Note = silent): DecodedText {
	let decoded: DecodedText;
	try {
		decoded = decodeText(bytes);
	} catch (error) {
		throw new Error(`${file} ${(error as Error).message}`, { cause: error });
	}
	if (decoded.note !== null) note(`${file}: ${decoded.note}`);
	return decoded;
}

function unpacked(file: string, bytes: Buffer, most: number): Buffer {
	if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes;
	try {
		return gunzipSync(bytes, { maxOutputLength: most });
	} catch (error) {
		const tooLong = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
		const what = tooLong
			? `unpacks to more than ${most} bytes; that is the limit`
			: "is damaged: it is not a whole gzip file";
		throw new Error(`${file} ${what}`, { cause: error });
	}
}
