import { packText, unpackText } from "../../study/packed-text.ts";
import type { Comparison } from "./comparison.ts";
import { parseComparison } from "./read-comparison.ts";

const SUBJECT = "comparison";

/** A comparison as a text for a link. */
export function packComparison(comparison: Comparison): Promise<string> {
	return packText(JSON.stringify(comparison), SUBJECT);
}

/**
 * The comparison of a link. No more than a link may hold is read or unpacked, and what comes out is checked.
 *
 * @throws Error saying what is wrong with the link; `StudyError` if it holds a comparison that cannot be trained
 */
export async function unpackComparison(packed: string): Promise<Comparison> {
	return parseComparison(await unpackText(packed, SUBJECT));
}
