import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Tables of measurements that other people released. They are not part of this repository. */
export const TABLES = [
	"chinchilla_table_a9.csv",
	"epoch_chinchilla_points.csv",
	"epoch_isoflop_subset.csv",
	"muennighoff_runs.csv",
	"porian_isoflop_rw.csv",
	"porian_optima_rw.csv",
] as const;

export type Table = (typeof TABLES)[number];

/** Where the tables are looked for: the folder that ISOFLOP_TABLES names, or one beside the checkout. */
const folder = process.env.ISOFLOP_TABLES
	? resolve(process.env.ISOFLOP_TABLES)
	: fileURLToPath(new URL("../../../shared/reference/data", import.meta.url));

/** What is missing and how to provide it, in one line; null where every table is there. */
export function missingTables(): string | null {
	const missing = TABLES.filter((name) => !existsSync(join(folder, name)));
	if (missing.length === 0) return null;
	const what = missing.length === TABLES.length ? "the published tables" : missing.join(", ");
	return `${folder} does not hold ${what}; set ISOFLOP_TABLES to the folder that does`;
}

/** Path of a table. */
export function tablePath(name: Table): string {
	return join(folder, name);
}

export function tableText(name: Table): string {
	return readFileSync(tablePath(name), "utf8");
}

/** A table's rows by column. */
export function tableRows(name: Table): Record<string, string>[] {
	const [header, ...lines] = tableText(name).trim().split("\n");
	const columns = header!.split(",");
	return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [columns[i]!, cell])));
}
