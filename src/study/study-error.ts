import { pathText } from "../run/show.ts";

/** A place in the study document: `["sizes", 2, "width"]`. Empty for the whole document. */
export type StudyPath = readonly (string | number)[];

/** Why a study cannot run, and which part of the document is at fault. */
export interface StudyProblem {
	readonly message: string;
	readonly path: StudyPath;
}

/** A study that cannot run. The message is one line: the field, its value and the rule. */
export class StudyError extends Error implements StudyProblem {
	override name = "StudyError";
	readonly path: StudyPath;
	readonly problem: string;

	/** @param problem what follows the field's name in the message: "is -3; it must be …" */
	constructor(path: StudyPath, problem: string) {
		super(`study: ${path.length > 0 ? `${pathText(path)} ` : ""}${problem}`);
		this.path = path;
		this.problem = problem;
	}
}

/** The problem that an error reports. One that names no part of the document concerns all of it. */
export function problemOf(error: unknown): StudyProblem {
	if (!(error instanceof Error)) return { message: String(error), path: [] };
	// An error that a worker sent is a plain `Error` with the properties of a `StudyError`.
	const { message, path = [] } = error as Error & Partial<StudyProblem>;
	return { message, path };
}
