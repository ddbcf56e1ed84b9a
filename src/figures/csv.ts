import Papa from "papaparse";
import type { Cell, Figure } from "./figure.ts";
import { plainText } from "./rich-text.ts";

/** The figure's table as CSV: a header line, then numbers in full precision; an empty cell where nothing is known. */
export function figureCsv({ table: { columns, rows } }: Figure): string {
	const header = columns.map(({ id }) => id);
	return `${Papa.unparse([header, ...rows.map((row) => row.map(plain))], { newline: "\r\n" })}\r\n`;
}

const plain = (cell: Cell) => (cell === null || typeof cell === "number" ? cell : plainText(cell));
