/** A study that cannot be run. The message is one line that names the field, its value and the rule. */
export class StudyError extends Error {
	override name = "StudyError";
}
