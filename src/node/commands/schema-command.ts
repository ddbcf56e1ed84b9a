import { studyJsonSchema } from "../../study/study-json-schema.ts";
import type { Terminal } from "../printing/terminal.ts";

/** `isoflop schema`: prints the JSON Schema of a study. */
export async function schemaCommand(terminal: Terminal): Promise<number> {
	terminal.json(studyJsonSchema());
	return 0;
}
