/** The text is not a valid file of measurements; the message names the line, column, value and rule. */
export class PointsError extends Error {
	override name = "PointsError";
}

/** Characters of a file's own text that a message shows. */
const SHOWN = 40;

/** A text from a file, as a message shows it: short, in quotes, without control characters. */
export function quoted(text: string): string {
	const clean = text.replace(/[\p{Cc}\p{Cf}]/gu, " ");
	return `"${clean.length > SHOWN ? `${clean.slice(0, SHOWN)}…` : clean}"`;
}
