import { readFileSync } from "node:fs";

const REFERENCE = new URL("../../../shared/reference/", import.meta.url);

/** The text of a file of the reference data, such as "data/epoch_isoflop_subset.csv". */
export function referenceText(name: string): string {
	return readFileSync(new URL(name, REFERENCE), "utf8");
}

// biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, read key by key
export type Expected = any;

/** expected.json, or one of its keys. */
export function expected(key: string): Expected {
	return JSON.parse(referenceText("expected.json"))[key];
}

/** Rows of a CSV file of the reference data by column. */
export function referenceRows(name: string): Record<string, string>[] {
	const [header, ...lines] = referenceText(`data/${name}`).trim().split("\n");
	const columns = header!.split(",");
	return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [columns[i]!, cell])));
}
