import { type DecodedText, decodeText } from "../data/decode-text.ts";

/** Most bytes of a file, and most that a compressed one may unpack to. */
export interface FileLimits {
	packed: number;
	unpacked: number;
}

const MIB = 1024 * 1024;
export const FILE_LIMITS: FileLimits = { packed: 64 * MIB, unpacked: 128 * MIB };

/**
 * The text of a file in UTF-8 or UTF-16, unpacked if it is compressed by gzip, whatever its name. No more of it is read, or kept, than the limits allow.
 *
 * @throws Error naming the file if it is too large, cannot be read, is no whole gzip file, or unpacks to too much
 */
export async function textOfFile(name: string, file: Blob, limits: FileLimits = FILE_LIMITS): Promise<DecodedText> {
	if (file.size > limits.packed)
		throw new Error(`${name} has ${amount(file.size)}; at most ${amount(limits.packed)} are read`);
	const begin = await read(name, file.slice(0, 2).arrayBuffer());
	const [first, second] = new Uint8Array(begin);
	const isPacked = first === 0x1f && second === 0x8b;
	return decoded(
		name,
		isPacked ? await unpacked(name, file, limits) : new Uint8Array(await read(name, file.arrayBuffer())),
	);
}

function decoded(name: string, bytes: Uint8Array): DecodedText {
	try {
		return decodeText(bytes);
	} catch (error) {
		throw new Error(`${name} ${(error as Error).message}`, { cause: error });
	}
}

/** A file may have been deleted or changed since it was chosen. */
async function read(name: string, bytes: Promise<ArrayBuffer>): Promise<ArrayBuffer> {
	try {
		return await bytes;
	} catch (error) {
		throw new Error(`${name} cannot be read any more: it was moved or changed; choose it again`, { cause: error });
	}
}

async function unpacked(name: string, file: Blob, limits: FileLimits): Promise<Uint8Array> {
	const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read().catch((error) => {
			throw new Error(`${name} is damaged: it is not a whole gzip file`, { cause: error });
		});
		if (done) break;
		length += value.length;
		if (length > limits.unpacked) {
			void reader.cancel().catch(() => {});
			throw new Error(`${name} unpacks to more than ${amount(limits.unpacked)}; that is the limit`);
		}
		parts.push(value);
	}
	return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** "64 MiB", "1.5 MiB"; small limits in bytes. */
function amount(bytes: number): string {
	return bytes < MIB ? `${bytes} bytes` : `${Math.ceil((10 * bytes) / MIB) / 10} MiB`;
}
