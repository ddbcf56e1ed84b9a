import { count } from "../run/show.ts";

/** Most characters of a packed text, and most bytes that it may unpack to. */
export interface LinkLimits {
	packed: number;
	unpacked: number;
}

export const LINK_LIMITS: LinkLimits = { packed: 64 * 1024, unpacked: 1024 * 1024 };

/**
 * A text for a link: compressed by zlib's format (RFC 1950, whose checksum tells a damaged link), in base64url without padding.
 *
 * @param subject what it is, for messages: "study"
 * @throws Error if it is too long for a link
 */
export async function packText(text: string, subject: string, limits: LinkLimits = LINK_LIMITS): Promise<string> {
	const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"));
	const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	const packed = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
	if (packed.length > limits.packed)
		throw new Error(
			`the ${subject} takes ${count(packed.length)} characters packed; a link holds at most ${count(limits.packed)}, save it as a file instead`,
		);
	return packed;
}

/**
 * The text of a link. No more than the limits is read or unpacked.
 *
 * @throws Error saying what is wrong with the link
 */
export async function unpackText(packed: string, subject: string, limits: LinkLimits = LINK_LIMITS): Promise<string> {
	if (packed.length > limits.packed)
		throw new Error(`the link holds more than ${count(limits.packed)} characters; that is the limit`);
	if (!/^[\w-]+$/.test(packed)) throw new Error(`the link is damaged: it has characters that no packed ${subject} has`);
	let binary: string;
	try {
		binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		throw new Error("the link is damaged: its end is missing");
	}
	const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
	return unpacked(bytes, limits.unpacked);
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>, most: number): Promise<string> {
	const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
	const decoder = new TextDecoder();
	let text = "";
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read().catch(() => {
			throw new Error("the link is damaged: it does not unpack; copy it again, as a whole");
		});
		if (done) return text + decoder.decode();
		length += value.length;
		if (length > most) {
			void reader.cancel().catch(() => {});
			throw new Error(`the link unpacks to more than ${count(most)} bytes; that is the limit`);
		}
		text += decoder.decode(value, { stream: true });
	}
}
