import type { TokenizedCorpus } from "./corpus.ts";
import { TOKENIZER_VERSION } from "./tokenizer.ts";

/**
 * Cached tokens: "isotoken", vocabulary size and lengths of both parts (u32 each), 4 bytes of padding, the tokens (u16),
 * and the SHA-256 of everything before it. In native byte order, because the file never leaves the machine.
 */
const MAGIC = new TextEncoder().encode("isotoken");
const HEADER_BYTES = 24;
const DIGEST_BYTES = 32;

/** The name holds everything that the tokens depend on. */
export function tokenFileName(corpusHash: string, vocabulary: number): string {
	return `${corpusHash}-${vocabulary}-v${TOKENIZER_VERSION}.tokens`;
}

export async function encodeTokenFile({
	vocabulary,
	train,
	validation,
}: TokenizedCorpus): Promise<Uint8Array<ArrayBuffer>> {
	const contentBytes = HEADER_BYTES + 2 * (train.length + validation.length);
	const file = new Uint8Array(contentBytes + DIGEST_BYTES);
	file.set(MAGIC);
	new Uint32Array(file.buffer, MAGIC.length, 3).set([vocabulary, train.length, validation.length]);
	new Uint16Array(file.buffer, HEADER_BYTES, train.length).set(train);
	new Uint16Array(file.buffer, HEADER_BYTES + 2 * train.length, validation.length).set(validation);
	file.set(await digest(file.subarray(0, contentBytes)), contentBytes);
	return file;
}

/** The tokens of a cached file; undefined when it is truncated, damaged, or has another vocabulary size. */
export async function decodeTokenFile(
	file: Uint8Array<ArrayBuffer>,
	corpus: { id: string; hash: string },
	vocabulary: number,
): Promise<TokenizedCorpus | undefined> {
	if (file.length < HEADER_BYTES + DIGEST_BYTES) return;
	const [savedVocabulary, train, validation] = new Uint32Array(file.slice(MAGIC.length, MAGIC.length + 12).buffer);
	const contentBytes = HEADER_BYTES + 2 * (train + validation);
	if (savedVocabulary !== vocabulary || file.length !== contentBytes + DIGEST_BYTES) return;
	const expected = await digest(file.subarray(0, contentBytes));
	if (expected.some((byte, i) => byte !== file[contentBytes + i])) return;
	const part = (start: number, length: number) => {
		const offset = HEADER_BYTES + 2 * start;
		return new Uint16Array(file.slice(offset, offset + 2 * length).buffer);
	};
	return { corpus, vocabulary, train: part(0, train), validation: part(train, validation) };
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
