import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);

/** Text files of a folder, by their path from the root. */
function textFiles(folder: string): string[] {
	return readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: "utf8" })
		.filter((name) => /\.(ts|mts|mjs|js|json|md|py|html|css)$/.test(name))
		.map((name) => `${folder}/${name}`);
}

test("only the search for the published tables names a folder beside the checkout", () => {
	const files = [...textFiles("src"), ...textFiles("test")];
	expect(files.length).toBeGreaterThan(300);
	const naming = files.filter((path) => /\.\.\/shared\b/.test(readFileSync(new URL(path, root), "utf8")));
	expect(naming).toEqual(["test/published/tables.ts"]);
});
