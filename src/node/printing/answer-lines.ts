import type { Answer } from "../../experiments/answer.ts";
import type { Cell, TableColumn } from "../../figures/figure.ts";
import { plainText } from "../../figures/rich-text.ts";
import { table } from "./format.ts";

/** An answer as text: the sentence, the table of its figure, and the warnings. */
export function answerLines({ sentence, figure, warnings }: Answer): string[] {
	const { columns, rows, caption } = figure.table;
	const header = columns.map(({ name }) => plainText(name));
	const shown = rows.map((row) => columns.map((column, i) => shownCell(column, row[i] ?? null)));
	return [
		sentence,
		"",
		`${caption}:`,
		...table([header, ...shown]),
		...(warnings.length > 0 ? [""] : []),
		...warnings.map((warning) => `Note: ${warning}`),
	];
}

/** An answer as plain JSON: the rows of its table by the names of the columns. */
export function answerJson({ sentence, figure, warnings }: Answer) {
	const { columns, rows } = figure.table;
	const named = rows.map((row) => Object.fromEntries(columns.map(({ id }, i) => [id, jsonCell(row[i] ?? null)])));
	return { figure: figure.name, sentence, rows: named, warnings };
}

function shownCell({ format = String }: TableColumn, cell: Cell): string {
	if (cell === null) return "–";
	return typeof cell === "number" ? format(cell) : plainText(cell);
}

function jsonCell(cell: Cell): string | number | null {
	return cell === null || typeof cell === "number" ? cell : plainText(cell);
}
