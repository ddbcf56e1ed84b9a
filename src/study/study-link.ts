import { type LinkLimits, packText, unpackText } from "./packed-text.ts";
import { parseStudy } from "./parse-study.ts";
import type { Study } from "./study.ts";

/** A study as a text for a link. @throws Error if the study is too long for a link */
export function packStudy(study: Study, limits?: LinkLimits): Promise<string> {
	return packText(JSON.stringify(study), "study", limits);
}

/**
 * The study of a link. No more than the limits is read or unpacked, and what comes out is checked as any study.
 *
 * @throws Error saying what is wrong with the link; `StudyError` if it holds a study that cannot run
 */
export async function unpackStudy(text: string, limits?: LinkLimits): Promise<Study> {
	return parseStudy(await unpackText(text, "study", limits));
}

/** Corpora of a study that are the sender's own files, which no link carries. */
export function ownTexts({ corpora, arms = [] }: Study): string[] {
	const choices = [corpora, ...arms.flatMap((arm) => (arm.corpora ? [arm.corpora] : []))].flat();
	const ids = choices.flatMap((choice) => (typeof choice === "string" ? [choice] : Object.keys(choice.mix)));
	return [...new Set(ids.filter((id) => id.startsWith("file:")))];
}
