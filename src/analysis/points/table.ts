import Papa from "papaparse";
import { PointsError, quoted } from "./points-error.ts";

/** A table of texts. */
export interface Table {
	header: string[];
	/** As many cells as the header has. */
	rows: { line: number; cells: string[] }[];
	/** Whether numbers have decimal commas: "1,5" is one and a half. */
	decimalComma: boolean;
}

/** Most columns that are read. */
const MOST_COLUMNS = 10_000;

/**
 * Reads a table: CSV with a header, its columns divided by commas, semicolons, tabs or bars; a JSON array of objects; or an object
 * on each line (JSONL). Comment lines (#) and blank lines are skipped, and Excel's `sep=;` is obeyed.
 *
 * @throws PointsError naming the line and what is wrong
 */
export function readTable(text: string): Table {
	const plain = text.replace(/^\uFEFF/, "");
	if (/\0/.test(plain.slice(0, 4096)))
		throw new PointsError(
			"the file is no text, or UTF-16; save it as UTF-8 with a header line and a row for each point",
		);
	if (plain.trim() === "") throw new PointsError("the file is empty; it needs a header line and a row for each point");
	return /^\s*[[{]/.test(plain) ? readObjects(plain) : readCsv(plain);
}

function readCsv(text: string): Table {
	const { body, skipped, delimiter } = splitHead(text);
	const { data, errors } = Papa.parse<string[]>(body, { delimiter });
	const quotes = errors.find((error) => error.type === "Quotes");
	if (quotes) throw new PointsError(`line ${skipped + (quotes.row ?? 0) + 1}: a quoted field is not closed`);
	const header = data[0]!.map((name) => name.trim());
	if (header.length > MOST_COLUMNS)
		throw new PointsError(`the header has ${header.length} columns; at most ${MOST_COLUMNS} are read`);
	const rows: Table["rows"] = [];
	let line = skipped;
	for (const [i, cells] of data.entries()) {
		line++;
		const first = line;
		// A quoted cell may contain line breaks.
		for (const cell of cells) if (cell.includes("\n")) line += cell.split("\n").length - 1;
		if (i === 0 || cells.every((cell) => cell.trim() === "") || cells[0]!.startsWith("#")) continue;
		if (cells.length !== header.length)
			throw new PointsError(`line ${first} has ${cells.length} cells; the header has ${header.length}`);
		rows.push({ line: first, cells: cells.map((cell) => cell.trim()) });
	}
	return { header, rows, decimalComma: hasDecimalCommas(rows, delimiter) };
}

/** Takes off what stands before the header, and finds what divides the columns. */
function splitHead(text: string): { body: string; skipped: number; delimiter: string } {
	let body = text;
	let skipped = 0;
	let named: string | null = null;
	for (;;) {
		const end = body.indexOf("\n");
		const first = (end < 0 ? body : body.slice(0, end)).trim();
		const separator = /^sep=(.)$/i.exec(first);
		if (separator) named = separator[1]!;
		else if (first !== "" && !first.startsWith("#")) return { body, skipped, delimiter: named ?? delimiterOf(first) };
		if (end < 0)
			throw new PointsError("the file has comments and no header; it needs a header line and a row for each point");
		body = body.slice(end + 1);
		skipped++;
	}
}

const DELIMITERS = [",", ";", "\t", "|"];

/** What occurs most often in the header, outside of quotes. */
function delimiterOf(header: string): string {
	const bare = header.replace(/"[^"]*"/g, "");
	const count = (delimiter: string) => bare.split(delimiter).length;
	return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/** Decimal commas need another delimiter, and cells like "3,25" that cannot have commas between thousands. */
function hasDecimalCommas(rows: Table["rows"], delimiter: string): boolean {
	if (delimiter === ",") return false;
	return rows.some(({ cells }) =>
		cells.some((cell) => /^[+-]?\d+,(\d{1,2}|\d{4,})(e[+-]?\d+)?$/i.test(cell) || /^[+-]?0,\d+$/.test(cell)),
	);
}

/** A JSON array of objects, or JSONL. Objects within objects give columns such as "config.width". */
function readObjects(text: string): Table {
	const objects = text.trimStart().startsWith("[") ? readArray(text) : readLines(text);
	const header: string[] = [];
	const index = new Map<string, number>();
	const flat = objects.map(({ line, value }) => {
		const cells = new Map<string, string>();
		flatten(value, "", cells, line);
		for (const name of cells.keys())
			if (!index.has(name)) {
				index.set(name, header.length);
				header.push(name);
			}
		return { line, cells };
	});
	if (header.length > MOST_COLUMNS)
		throw new PointsError(`the rows have ${header.length} different keys; at most ${MOST_COLUMNS} are read`);
	return {
		header,
		rows: flat.map(({ line, cells }) => ({ line, cells: header.map((name) => cells.get(name) ?? "") })),
		decimalComma: false,
	};
}

interface Parsed {
	line: number;
	value: Record<string, unknown>;
}

function readArray(text: string): Parsed[] {
	let array: unknown;
	try {
		array = JSON.parse(text);
	} catch {
		throw new PointsError("the file begins like a JSON array of rows, but is no valid JSON");
	}
	// The rows of an array are counted, since JSON does not say on which lines they are.
	return (array as unknown[]).map((value, i) => ({ line: i + 1, value: asObject(value, `row ${i + 1}`) }));
}

function readLines(text: string): Parsed[] {
	return text.split("\n").flatMap((each, i) => {
		if (each.trim() === "") return [];
		let value: unknown;
		try {
			value = JSON.parse(each);
		} catch {
			throw new PointsError(`line ${i + 1} is no valid JSON; each line must be one object`);
		}
		return [{ line: i + 1, value: asObject(value, `line ${i + 1}`) }];
	});
}

function asObject(value: unknown, where: string): Record<string, unknown> {
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw new PointsError(
		`${where} is no object; each row must be one, such as {"params": 1e6, "tokens": 1e8, "loss": 3.2}`,
	);
}

/** How deep objects may lie within each other. */
const DEEPEST = 8;

function flatten(
	value: Record<string, unknown>,
	prefix: string,
	into: Map<string, string>,
	line: number,
	depth = 0,
): void {
	if (depth > DEEPEST) throw new PointsError(`line ${line}: ${quoted(prefix)} is nested more than ${DEEPEST} deep`);
	for (const [key, entry] of Object.entries(value)) {
		const name = prefix + key;
		if (typeof entry === "object" && entry !== null && !Array.isArray(entry))
			flatten(entry as Record<string, unknown>, `${name}.`, into, line, depth + 1);
		else if (!Array.isArray(entry)) into.set(name, entry === null ? "" : String(entry));
	}
}
