import { type ConversionConfig, type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { studySchema } from "./study-schema.ts";

type Lazy = v.LazySchema<v.GenericSchema>;

const CONFIG: ConversionConfig = {
	// What JSON Schema cannot say; the rules between fields are not in it either.
	ignoreActions: ["check", "metadata", "readonly", "regex"],
	overrideSchema: ({ valibotSchema }) => (valibotSchema.type === "lazy" ? eitherForm(valibotSchema as Lazy) : null),
};

/** The schema of a study document as JSON Schema (draft 7), for editors and programs. `validateStudy` also checks rules between fields. */
export function studyJsonSchema(): JsonSchema {
	const { $schema, properties, ...rest } = toJsonSchema(studySchema, CONFIG);
	return {
		...{ $schema, title: "A study of isoflop", ...rest },
		properties: { $schema: { type: "string", description: "an address or a path of this schema" }, ...properties },
	};
}

/** A value that is an object or a plain one, each with a schema of its own. */
function eitherForm({ getter }: Lazy): JsonSchema {
	const forms = [undefined, {}].map((input) => {
		const { $schema: _, ...schema } = toJsonSchema(getter(input), CONFIG);
		return schema;
	});
	return { anyOf: forms };
}
