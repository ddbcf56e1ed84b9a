import { runCommandLine } from "../../src/node/command-line.ts";

/** Runs a command in this process; what it wrote, and its exit code. */
export async function isoflop(...argv: string[]) {
	const said: string[] = [];
	const printed: string[] = [];
	const json: unknown[] = [];
	const code = await runCommandLine(argv, {
		// As a reader of the document gets it.
		json: (value) => json.push(JSON.parse(JSON.stringify(value))),
		print: (line) => printed.push(line),
		say: (line) => said.push(line),
		screen: null,
	});
	return { code, said, printed, json };
}

/** Paths of a document's nulls: JSON writes what is no number as null. */
export function nulls(value: unknown, path = ""): string[] {
	if (value === null) return [path];
	if (typeof value !== "object") return [];
	return Object.entries(value).flatMap(([key, entry]) => nulls(entry, path ? `${path}.${key}` : key));
}
