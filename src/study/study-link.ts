import { count } from "../run/show.ts";
import { parseStudy } from "./parse-study.ts";
import type { Study } from "./study.ts";

/** Most characters of a packed study, and most bytes that it may unpack to. */
export interface LinkLimits {
	packed: number;
	unpacked: number;
}

export const LINK_LIMITS: LinkLimits = { packed: 64 * 1024, unpacked: 1024 * 1024 };

/**
 * A study as a text for a link: JSON, compressed by zlib's format (RFC 1950, whose checksum tells a damaged link), in base64url without
 * padding.
 *
 * @throws Error if the study is too long for a link
 */
export async function packStudy(study: Study, limits: LinkLimits = LINK_LIMITS): Promise<string> {
	const stream = new Blob([JSON.stringify(study)]).stream().pipeThrough(new CompressionStream("deflate"));
	const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	const text = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
	if (text.length > limits.packed)
		throw new Error(
			`the study takes ${count(text.length)} characters packed; a link holds at most ${count(limits.packed)}, save it as a file instead`,
		);
	return text;
}

/**
 * The study of a link. No more than the limits is read or unpacked, and what comes out is checked as any study.
 *
 * @throws Error saying what is wrong with the link; `StudyError` if it holds a study that cannot run
 */
export async function unpackStudy(text: string, limits: LinkLimits = LINK_LIMITS): Promise<Study> {
	if (text.length > limits.packed)
		throw new Error(`the link holds more than ${count(limits.packed)} characters; that is the limit`);
	if (!/^[\w-]+$/.test(text)) throw new Error("the link is damaged: it has characters that no packed study has");
	let binary: string;
	try {
		binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		throw new Error("the link is damaged: its end is missing");
	}
	return parseStudy(
		await unpacked(
			Uint8Array.from(binary, (character) => character.charCodeAt(0)),
			limits.unpacked,
		),
	);
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

/** Corpora of a study that are the sender's own files, which no link carries. */
export function ownTexts({ corpora, arms = [] }: Study): string[] {
	const choices = [corpora, ...arms.flatMap((arm) => (arm.corpora ? [arm.corpora] : []))].flat();
	const ids = choices.flatMap((choice) => (typeof choice === "string" ? [choice] : Object.keys(choice.mix)));
	return [...new Set(ids.filter((id) => id.startsWith("file:")))];
}
