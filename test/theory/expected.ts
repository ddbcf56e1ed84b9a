import { readFileSync } from "node:fs";

const REFERENCE = new URL("../../../shared/reference/", import.meta.url);

/** Expected numbers of the shared reference, by key. */
export const expected = JSON.parse(readFileSync(new URL("expected.json", REFERENCE), "utf8"));

/** The rows of a CSV of the reference data, by column name. */
export function readRows(name: string): Record<string, number>[] {
	const [header, ...lines] = readFileSync(new URL(`data/${name}`, REFERENCE), "utf8")
		.trim()
		.split("\n");
	const columns = header!.split(",");
	return lines.map((line) => {
		const cells = line.split(",");
		return Object.fromEntries(columns.map((column, i) => [column, Number(cells[i])]));
	});
}

/** |actual / wanted − 1|. */
export function relativeError(actual: number, wanted: number): number {
	return Math.abs(actual / wanted - 1);
}
