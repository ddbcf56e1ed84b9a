import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asciiKeys } from "../../../src/node/printing/ascii-keys.ts";
import { storedResult } from "../../reference/stored-results.ts";
import { ENDS_MOVE, hasTheirPowers } from "../../same-powers.ts";
import { isoflop } from "../isoflop.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-stored-fits-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every number, truth value and null of a document, by its path; texts may be reworded. */
function valuesByPath(value: unknown, path = ""): [string, number | boolean | null][] {
	if (typeof value === "number" || typeof value === "boolean" || value === null) return [[path, value]];
	if (typeof value !== "object") return [];
	return Object.entries(value as object).flatMap(([key, inner]) => valuesByPath(inner, `${path}.${key}`));
}

/** Ends of intervals move with other powers; everything else follows the data. */
function isNear(path: string, found: unknown, stored: unknown): boolean {
	if (typeof found !== "number" || typeof stored !== "number") return Object.is(found, stored);
	const relative = /\.(low|high)$/.test(path) ? ENDS_MOVE : 1e-6;
	return Object.is(found, stored) || Math.abs(found - stored) <= relative * Math.abs(stored) + 1e-15;
}

const isSame = hasTheirPowers() ? (_: string, found: unknown, stored: unknown) => Object.is(found, stored) : isNear;

test.each([
	["smoke", "smoke-fits", []],
	["minute", "minute-fits", []],
	["minute", "minute-fits-all", ["--method", "all"]],
])(
	"runs of %s: every number of %s.json is the same, to the last bit where powers are",
	async (study, fits, options) => {
		const file = join(folder, `${study}.jsonl`);
		await writeFile(file, storedResult(`${study}-runs.jsonl`));
		const { json } = await isoflop("fit", file, ...options, "--json");
		const found = new Map(valuesByPath(json[0]));
		const stored = valuesByPath(asciiKeys(JSON.parse(storedResult(`${fits}.json`))));
		expect(stored.length).toBeGreaterThan(1000);
		expect(stored.filter(([path, value]) => !isSame(path, found.get(path), value)).slice(0, 10)).toEqual([]);
	},
);
