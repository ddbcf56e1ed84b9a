import { modelConfig } from "../../architecture/config.ts";
import { type FlopsPerToken, flopsPerTokenByPart, tokensOf } from "../../architecture/flops.ts";
import { type Column, findColumns, type Mapping, type Source } from "./column-names.ts";
import { type Condition, rowFilter } from "./conditions.ts";
import { PointsError, quoted } from "./points-error.ts";
import { readNumber } from "./read-number.ts";
import { readTable, type Table } from "./table.ts";

/** A row of measurements: a point of a training curve, or the end of a run. Values that the file lacks are null. */
export interface PointRow {
	/** Line number in the file; in a JSON array, the number of the row. */
	line: number;
	/** Groups the points of a curve; "line 7" when the file has no such column. */
	run: string;
	/** N_T. */
	total: number | null;
	/** N_\E. */
	nonEmbedding: number | null;
	/** Parameters of the output projection to the logits, counted even when tied to the embedding. */
	head: number | null;
	/** D. */
	tokens: number | null;
	/** C as counted in the file, FLOP. */
	flops: number | null;
	/** Nats per token. */
	loss: number;
	/** U: distinct tokens, when data are repeated. */
	uniqueTokens: number | null;
	/** Its IsoFLOP budget, FLOP. */
	budget: number | null;
	/** Whether the learning rate had been lowered to its end. */
	annealed: boolean | null;
	/** How its run was trained, such as "learning rate 0.003". */
	recipe: string | null;
	/** Training steps that the loss is the mean of. */
	steps: number | null;
	/** Exact training FLOP per token of a GPT-2, by component. */
	cost: FlopsPerToken | null;
}

/** The measurements in one file, grouped by experiment. */
export interface PointsFile {
	/** A single experiment, named null, when the file has no such column. */
	experiments: { name: string | null; rows: PointRow[] }[];
	/** The names of all columns of the file. */
	header: string[];
	/** Where each column was read from. */
	columns: Partial<Record<Column, Source>>;
	/** Number of data rows in the file. */
	rows: number;
	/** Rows left out of every fit, with the reason. */
	leftOut: { line: number; reason: string }[];
}

export interface ReadOptions extends Mapping {
	/** Keeps only rows that meet all of these. */
	where?: readonly Condition[];
	/** Leaves out this many of each experiment's highest losses, and any that tie with the last of them. */
	dropHighest?: number;
}

/**
 * Reads measurements from a table (`readTable`); `COLUMN_NAMES` lists the columns. Required are a loss, a parameter count (total
 * or non-embedding), and tokens or compute. The missing one is computed: D = C / (6·N) or C = 6·N·D.
 *
 * A row without a loss (empty, NaN, inf) or with 0 parameters, tokens or FLOPs is left out. Rows with identical measurements
 * count once.
 *
 * @throws PointsError
 */
export function readPoints(text: string, options: ReadOptions = {}): PointsFile {
	return pointsOfTable(readTable(text), options);
}

/** The measurements in a table; as `readPoints`. */
export function pointsOfTable(table: Table, options: ReadOptions = {}): PointsFile {
	const { header } = table;
	const columns = findColumns(header, options);
	const { where = [], dropHighest = 0 } = options;
	const isWanted = rowFilter(where, header, table.decimalComma);
	const file: PointsFile = { experiments: [], header, columns: Object.fromEntries(columns), rows: 0, leftOut: [] };
	const experiments = new Map<string | null, PointRow[]>();
	const seen = new Map<string, number>();
	const readers = cellReaders(columns, table);
	for (readers.row of table.rows) {
		const { line, cells } = readers.row;
		if (!isWanted(cells)) continue;
		file.rows++;
		const row = readRow(readers, line);
		if (typeof row === "string") {
			file.leftOut.push({ line, reason: row });
			continue;
		}
		const experiment = columns.has("experiment") ? cells[columns.get("experiment")!.index]! : null;
		const { line: _, run, cost: __, ...measured } = row;
		const key = `${experiment} ${columns.has("run") ? run : ""} ${Object.values(measured).join(" ")}`;
		const before = seen.get(key);
		if (before !== undefined) {
			file.leftOut.push({ line, reason: `it repeats line ${before}, which counts once` });
			continue;
		}
		seen.set(key, line);
		const group = experiments.get(experiment);
		if (group) group.push(row);
		else experiments.set(experiment, [row]);
	}
	if (file.rows === 0) throw new PointsError(noRows(where));
	file.experiments = [...experiments].map(([name, rows]) => ({ name, rows: withoutHighest(rows, dropHighest, file) }));
	return file;
}

function noRows(where: readonly Condition[]): string {
	if (where.length === 0) return "the file has a header and no rows; it needs a row for each point";
	return `no row has ${where.map(({ column, operator, value }) => `${column} ${operator} ${value}`).join(" and ")}`;
}

function withoutHighest(rows: PointRow[], count: number, file: PointsFile): PointRow[] {
	if (count === 0) return rows;
	const losses = rows.map(({ loss }) => loss).sort((p, q) => q - p);
	const limit = losses[Math.min(count, losses.length) - 1]!;
	return rows.filter(({ line, loss }) => {
		if (loss >= limit) file.leftOut.push({ line, reason: `its loss is among the ${count} highest` });
		return loss < limit;
	});
}

/** Larger counts are rejected: their products would overflow. */
const LARGEST = 1e100;
const NO_NUMBER = /^([+-]?(nan|inf|infinity)|null|none|n\/a|na|)$/i;
/** Reads one column's cell, and checks it; null when it is empty or there is no such column. */
interface Cells {
	text(column: Column): string;
	/** A positive number, in plain counts, FLOP or nats; also 0 where `orZero`. */
	amount(column: Column, orZero?: boolean): number | null;
	flag(column: Column): boolean | null;
	fault(column: Column, what: string, rule: string): PointsError;
}

/** Readers of a row's cells; `row` is the one they read. */
function cellReaders(
	columns: ReadonlyMap<Column, Source>,
	{ decimalComma }: Table,
): Cells & { row: Table["rows"][number] } {
	const sources: Partial<Record<Column, Source>> = Object.fromEntries(columns);
	return {
		row: { line: 0, cells: [] },
		text(column) {
			const source = sources[column];
			return source === undefined ? "" : (source.constant ?? this.row.cells[source.index]!);
		},
		amount(column, orZero = false) {
			const source = sources[column];
			if (source === undefined) return null;
			const cell = source.constant ?? this.row.cells[source.index]!;
			if (cell === "") return null;
			const value = readNumber(cell, decimalComma) * source.unit;
			if ((value >= 1 / LARGEST && value <= LARGEST) || (orZero && value === 0)) return value;
			throw this.fault(
				column,
				`${quoted(cell)} is not a positive number`,
				"it must be a number above 0 and at most 1e100",
			);
		},
		flag(column) {
			const cell = this.text(column).toLowerCase();
			if (cell === "") return null;
			if (["true", "yes", "1"].includes(cell)) return true;
			if (["false", "no", "0"].includes(cell)) return false;
			throw this.fault(column, `${quoted(this.text(column))} is neither true nor false`, "it must be true or false");
		},
		fault(column, what, rule) {
			return new PointsError(`line ${this.row.line}, column ${sources[column]?.name ?? column}: ${what}; ${rule}`);
		},
	};
}

/** Parses one row; or why it is left out. */
function readRow(cells: Cells, line: number): PointRow | string {
	if (NO_NUMBER.test(cells.text("loss"))) return "it has no loss: the run diverged, or was not measured";
	const row: PointRow = {
		line,
		run: cells.text("run") || `line ${line}`,
		total: cells.amount("params", true),
		nonEmbedding: cells.amount("params_nonembedding", true),
		head: null,
		tokens: cells.amount("tokens", true),
		flops: cells.amount("flops", true),
		loss: cells.amount("loss")!,
		uniqueTokens: cells.amount("unique_tokens"),
		budget: cells.amount("budget"),
		annealed: cells.flag("annealed"),
		recipe: cells.text("recipe") || null,
		steps: cells.amount("averaged_steps"),
		cost: null,
	};
	const [width, layers] = [cells.amount("width"), cells.amount("layers")];
	const [vocabulary, context] = [cells.amount("vocabulary"), cells.amount("context")];
	row.head = width && vocabulary ? width * vocabulary : cells.amount("params_head", true) || null;
	if (width && layers && vocabulary && context)
		row.cost = flopsPerTokenByPart(modelConfig({ width, layers, vocabulary, context, heads: 1 }));
	const parameters = row.total ?? row.nonEmbedding;
	if (parameters === null) throw cells.fault("params", "the cell is empty", "each row needs its parameters");
	if (row.tokens === null && row.flops === null)
		throw cells.fault("tokens", "the cell is empty and no compute is given", "each row needs tokens or FLOPs");
	if (row.total === 0 || row.nonEmbedding === 0) return "it has 0 parameters; a fit needs their logarithm";
	if (row.tokens === 0 || row.flops === 0) return "it has 0 tokens or FLOPs; a fit needs their logarithm";
	row.tokens ??= tokensOf(row.flops!, parameters);
	const perToken = cells.amount("flops_per_token");
	if (perToken !== null) row.flops ??= perToken * row.tokens;
	return row;
}
