import * as v from "valibot";
import { pathText, show } from "../run/show.ts";
import { StudyError } from "./study-error.ts";
import { studySchema } from "./study-schema.ts";

/** The error for a document that breaks the schema: `sizes[2].width is -3; it must be a whole number from 1 to 4,096`. */
export function schemaError(issue: v.BaseIssue<unknown>): StudyError {
	const path = (issue.path ?? []).map((item) => item.key as string | number);
	if (issue.type === "strict_object" && issue.expected === "never") {
		const parent = pathText(path.slice(0, -1));
		const known = Object.keys(objectSchema(schemaAt(path.slice(0, -1)) as AnySchema).entries).join(", ");
		return new StudyError(path, `is not a known key; the keys of ${parent || "a study"} are ${known}`);
	}
	const missing = issue.path?.at(-1)?.origin === "key";
	const rule = v.getDescription(schemaAt(path));
	return new StudyError(path, `is ${missing ? "missing" : show(issue.input)}; it must be ${rule}`);
}

type ObjectSchema = v.GenericSchema & { entries: Record<string, v.GenericSchema> };
type AnySchema = ObjectSchema & {
	item?: v.GenericSchema;
	value?: v.GenericSchema;
	getter?: (input: unknown) => v.GenericSchema;
};

/** The part of the schema at a path. */
function schemaAt(path: readonly unknown[]): v.GenericSchema {
	let schema: v.GenericSchema = studySchema;
	for (const key of path) {
		const parent = objectSchema(schema as AnySchema);
		schema = (typeof key === "number" ? parent.item : (parent.value ?? parent.entries[String(key)]))!;
		if ("wrapped" in schema) schema = schema.wrapped as v.GenericSchema;
	}
	return schema;
}

/** The schema for objects, where the schema depends on the value. */
function objectSchema(schema: AnySchema): AnySchema {
	return "getter" in schema ? (schema.getter!({}) as AnySchema) : schema;
}
