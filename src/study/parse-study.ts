import { count, quote } from "../run/show.ts";
import { jsonErrorPosition } from "./json-error.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";
import { validateStudy } from "./validate-study.ts";

/** Longest text that is parsed; any study is shorter. */
const MAX_CHARACTERS = 1_000_000;

/** Reads a study from JSON. Throws `StudyError`. */
export function parseStudy(text: string): Study {
	if (text.length > MAX_CHARACTERS)
		throw new StudyError(
			[],
			`the text has ${count(text.length)} characters; it must have at most ${count(MAX_CHARACTERS)}`,
		);
	const json = text.replace(/^\uFEFF/, "");
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		const at = jsonErrorPosition(json);
		const found =
			at &&
			json
				.split("\n")
				[at.line - 1]!.slice(at.column - 1)
				.trim();
		throw new StudyError(
			[],
			`not valid JSON at ${at ? `line ${at.line}, column ${at.column}` : "an unknown place"}: ` +
				(found ? `unexpected ${quote(found.slice(0, 20))}` : "the text ends too early"),
		);
	}
	return validateStudy(value);
}
