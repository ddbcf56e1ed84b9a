import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fitStudy } from "../src/analysis/fit-study.ts";
import { readRunLines } from "../src/run/run-lines.ts";
import type { RunResult } from "../src/run/run-result.ts";

const docs = resolve(import.meta.dirname, "../docs");
const page = readFileSync(join(docs, "data.md"), "utf8");
const named = new Set([...page.matchAll(/`[….]*([^`]+)`/g)].flatMap(([, code]) => code!.split(/[.[\]]+/)));

/** All keys in a value, except those of objects whose keys are data. */
function keysOf(value: unknown, open: readonly string[]): string[] {
	if (Array.isArray(value)) return value.flatMap((entry) => keysOf(entry, open));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) => [key, ...(open.includes(key) ? [] : keysOf(entry, open))]);
}

/** Runs of every stored experiment: of each, one of every status. */
function storedRuns(): RunResult[] {
	const folder = join(docs, "findings");
	const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl.gz"));
	return files.flatMap((name) => {
		const { results } = readRunLines(gunzipSync(readFileSync(join(folder, name))).toString());
		const kinds = new Map(results.map((result) => [`${result.status} ${result.spec.model.architecture}`, result]));
		return [...kinds.values()];
	});
}

test("docs/data.md names every field of runs.jsonl and of fits.json", () => {
	const runs = storedRuns();
	const fields = new Set(keysOf(runs, ["variants", "evaluations"]));
	expect([...fields].filter((field) => !named.has(field))).toEqual([]);
	const smoke = readRunLines(gunzipSync(readFileSync(join(docs, "findings/minute-seeds-1-3.jsonl.gz"))).toString());
	const fits = fitStudy(smoke.results, { resamples: 0 });
	const { allocation, tokens, lossNoOffset, lossWithOffset, ...convention } = fits.conventions.total;
	const parts = [
		{ ...fits, conventions: {}, otherRule: null },
		convention,
		{ allocation: 0, tokens: 0, lossNoOffset: 0, lossWithOffset: 0 },
	];
	const ours = new Set(keysOf(parts, ["variants"]));
	expect([allocation, tokens, lossNoOffset, lossWithOffset].every((fit) => typeof fit === "object")).toBe(true);
	expect([...ours].filter((field) => !named.has(field))).toEqual([]);
});
