import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** Most bytes that a compressed file may unpack to. */
const MOST_UNPACKED = 512 * 1024 * 1024;

/**
 * The text of a file, unpacked if it is compressed by gzip, whatever its name.
 *
 * @throws Error naming the file if it is no whole gzip file or unpacks to more than `most` bytes; as `readFile` otherwise
 */
export async function readText(file: string, most = MOST_UNPACKED): Promise<string> {
	return textOf(file, await readFile(file), most);
}

/** The text of the standard input, unpacked like that of a file. @throws Error if it is longer than `most` bytes */
export async function readInput(most = MOST_UNPACKED): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		length += chunk.length;
		if (length > most) throw new Error(`standard input is longer than ${most} bytes; that is the limit`);
		chunks.push(chunk);
	}
	return textOf("standard input", Buffer.concat(chunks), most);
}

function textOf(file: string, bytes: Buffer, most: number): string {
	if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes.toString("utf8");
	try {
		return gunzipSync(bytes, { maxOutputLength: most }).toString("utf8");
	} catch (error) {
		const tooLong = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
		const what = tooLong
			? `unpacks to more than ${most} bytes; that is the limit`
			: "is damaged: it is not a whole gzip file";
		throw new Error(`${file} ${what}`, { cause: error });
	}
}
