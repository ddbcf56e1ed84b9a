import { toCsv } from "../../analysis/reports/csv.ts";
import { plainText } from "../parts/rich-text.ts";
import type { Cell, Figure } from "./figure.ts";

/** The figure's table as CSV: a header line, then numbers in full precision; an empty cell where nothing is known. */
export function figureCsv({ table }: Figure): string {
	return toCsv(
		table.columns.map(({ id }) => id),
		table.rows.map((row) => row.map(plain)),
	);
}

const plain = (cell: Cell) => (cell === null || typeof cell === "number" ? cell : plainText(cell));
