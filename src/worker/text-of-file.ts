/** Most bytes of a file, and most that a compressed one may unpack to. */
export interface FileLimits {
	packed: number;
	unpacked: number;
}

const MIB = 1024 * 1024;
export const FILE_LIMITS: FileLimits = { packed: 64 * MIB, unpacked: 128 * MIB };

/**
 * The text of a file, unpacked if it is compressed by gzip, whatever its name. No more of it is read, or kept, than the limits allow.
 *
 * @throws Error naming the file if it is too large, cannot be read, is no whole gzip file, or unpacks to too much
 */
export async function textOfFile(name: string, file: Blob, limits: FileLimits = FILE_LIMITS): Promise<string> {
	if (file.size > limits.packed)
		throw new Error(`${name} has ${amount(file.size)}; at most ${amount(limits.packed)} are read`);
	const begin = await read(name, file.slice(0, 2).arrayBuffer());
	const [first, second] = new Uint8Array(begin);
	if (!(first === 0x1f && second === 0x8b)) return new TextDecoder().decode(await read(name, file.arrayBuffer()));
	return unpacked(name, file, limits);
}

/** A file may have been deleted or changed since it was chosen. */
async function read(name: string, bytes: Promise<ArrayBuffer>): Promise<ArrayBuffer> {
	try {
		return await bytes;
	} catch (error) {
		throw new Error(`${name} cannot be read any more: it was moved or changed; choose it again`, { cause: error });
	}
}

async function unpacked(name: string, file: Blob, limits: FileLimits): Promise<string> {
	const reader = file.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
	const decoder = new TextDecoder();
	const parts: string[] = [];
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
		parts.push(decoder.decode(value, { stream: true }));
	}
	return [...parts, decoder.decode()].join("");
}

/** "64 MiB", "1.5 MiB"; small limits in bytes. */
function amount(bytes: number): string {
	return bytes < MIB ? `${bytes} bytes` : `${Math.ceil((10 * bytes) / MIB) / 10} MiB`;
}
