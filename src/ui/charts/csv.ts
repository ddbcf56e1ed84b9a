import Papa from "papaparse";
import { plainText } from "../parts/rich-text.ts";
import type { Cell, Figure } from "./figure.ts";

/** The figure's table as CSV (RFC 4180): a header line, then numbers in full precision; an empty cell where nothing is known. */
export function figureCsv({ table }: Figure): string {
	const fields = table.columns.map(({ id }) => id);
	return `${Papa.unparse({ fields, data: table.rows.map((row) => row.map(plain)) }, { newline: "\r\n" })}\r\n`;
}

const plain = (cell: Cell) => (cell === null || typeof cell === "number" ? cell : plainText(cell));
