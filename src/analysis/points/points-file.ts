import Papa from "papaparse";
import { modelConfig } from "../../architecture/config.ts";
import { type FlopsPerToken, flopsPerTokenByPart, tokensOf } from "../../architecture/flops.ts";

/** A row of measurements: a point of a training curve, or the end of a run. Values that the file lacks are null. */
export interface PointRow {
	/** Line number in the file. */
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
	/** The header, as written in the file, of each column that was read. */
	columns: Record<string, string>;
	/** Number of data rows in the file. */
	rows: number;
	/** Rows left out of every fit, with the reason. */
	leftOut: { line: number; reason: string }[];
}

/** Accepted names of each column, in lower case. */
export const COLUMN_NAMES = {
	run: ["run", "run_id", "id", "curve"],
	experiment: ["experiment", "study", "stage"],
	params: ["params", "parameters", "params_total", "n_params", "n"],
	params_nonembedding: ["params_nonembedding", "params_non_embedding", "n_nonembedding"],
	params_head: ["params_head"],
	tokens: ["tokens", "training_tokens", "train_tokens", "d"],
	flops: ["flops", "compute", "training_flop", "c"],
	loss: ["loss", "validation_loss", "val_loss", "l"],
	unique_tokens: ["unique_tokens", "u"],
	budget: ["budget"],
	annealed: ["annealed"],
	recipe: ["recipe"],
	averaged_steps: ["averaged_steps"],
	width: ["width", "d_model"],
	layers: ["layers", "n_layers"],
	vocabulary: ["vocabulary", "vocab_size"],
	context: ["context", "context_length"],
} as const;

type Column = keyof typeof COLUMN_NAMES;

/** The text is not a valid file of measurements; the message names the line, column, value and rule. */
export class PointsError extends Error {
	override name = "PointsError";
}

/**
 * Reads measurements from CSV text with a header line; `COLUMN_NAMES` lists the columns. Required are a loss, a parameter
 * count (total or non-embedding), and tokens or compute. The missing one is computed: D = C / (6·N) or C = 6·N·D.
 *
 * A row without a loss (empty, NaN, inf) is left out as diverged. Rows with identical measurements count once.
 *
 * @param where keeps only rows whose cells in these columns equal these values
 * @param dropHighest leaves out this many of each experiment's highest losses, and any that tie with the last of them
 * @throws PointsError
 */
export function readPoints(text: string, where: Readonly<Record<string, string>> = {}, dropHighest = 0): PointsFile {
	if (text.trim() === "") throw new PointsError("the file is empty; it needs a header line and a row for each point");
	const { data, errors } = Papa.parse<string[]>(text, { delimiter: text.split("\n", 1)[0]!.includes(",") ? "," : "" });
	const quotes = errors.find((error) => error.type === "Quotes");
	if (quotes) throw new PointsError(`line ${(quotes.row ?? 0) + 1}: a quoted field is not closed (${quotes.message})`);
	const header = data[0]!.map((name) => name.trim());
	const columns = columnsOf(header);
	const filter = Object.entries(where).map(([name, value]) => {
		const index = header.findIndex((each) => each.toLowerCase() === name.toLowerCase());
		if (index < 0) throw new PointsError(`there is no column "${name}"; the columns are ${header.join(", ")}`);
		return { index, value };
	});
	const file: PointsFile = { experiments: [], columns: {}, rows: 0, leftOut: [] };
	for (const [column, index] of columns) file.columns[column] = header[index]!;
	const experiments = new Map<string | null, PointRow[]>();
	const seen = new Map<string, number>();
	let line = 0;
	for (const [i, cells] of data.entries()) {
		line++;
		const first = line;
		// A quoted cell may contain line breaks.
		for (const cell of cells) if (cell.includes("\n")) line += cell.split("\n").length - 1;
		if (i === 0 || cells.every((cell) => cell.trim() === "")) continue;
		if (cells.length !== header.length)
			throw new PointsError(`line ${first} has ${cells.length} cells; the header has ${header.length}`);
		if (!filter.every(({ index, value }) => cells[index]!.trim() === value)) continue;
		file.rows++;
		const row = readRow(cells, header, columns, first);
		if (!row) {
			file.leftOut.push({ line: first, reason: "it has no loss: the run diverged, or was not measured" });
			continue;
		}
		const experiment = columns.has("experiment") ? cells[columns.get("experiment")!]!.trim() : null;
		const { line: _, run, cost: __, ...measured } = row;
		const named = columns.has("run") ? run : "";
		const key = `${experiment} ${named} ${Object.values(measured).join(" ")}`;
		const before = seen.get(key);
		if (before !== undefined) {
			file.leftOut.push({ line: first, reason: `it repeats line ${before}, which counts once` });
			continue;
		}
		seen.set(key, first);
		const group = experiments.get(experiment);
		if (group) group.push(row);
		else experiments.set(experiment, [row]);
	}
	if (file.rows === 0)
		throw new PointsError(
			filter.length > 0
				? `no row has ${Object.entries(where)
						.map(([name, value]) => `${name} = ${value}`)
						.join(" and ")}`
				: "the file has a header and no rows; it needs a row for each point",
		);
	file.experiments = [...experiments].map(([name, rows]) => ({ name, rows: withoutHighest(rows, dropHighest, file) }));
	return file;
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

/** The index of each known column in the header. */
function columnsOf(header: readonly string[]): Map<Column, number> {
	const columns = new Map<Column, number>();
	for (const [column, names] of Object.entries(COLUMN_NAMES) as [Column, readonly string[]][]) {
		const found = header.flatMap((name, i) => (names.includes(name.toLowerCase()) ? [i] : []));
		// If several accepted names occur, the first in the list wins: an export has both "loss" and "validation_loss".
		found.sort((i, j) => names.indexOf(header[i]!.toLowerCase()) - names.indexOf(header[j]!.toLowerCase()));
		const [first, second] = found;
		if (first === undefined) continue;
		if (second !== undefined && header[first]!.toLowerCase() === header[second]!.toLowerCase())
			throw new PointsError(`the header has two columns "${header[first]}"; each name may appear once`);
		columns.set(column, first);
	}
	const need = (any: Column[], what: string) => {
		if (any.some((column) => columns.has(column))) return;
		const names = any.flatMap((column) => COLUMN_NAMES[column]).join(", ");
		throw new PointsError(`there is no column of ${what} (${names}); the columns are ${header.join(", ")}`);
	};
	need(["loss"], "losses");
	need(["params", "params_nonembedding"], "parameters");
	need(["tokens", "flops"], "tokens or compute");
	return columns;
}

/** Larger counts are rejected: their products would overflow. */
const LARGEST = 1e100;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NO_NUMBER = /^([+-]?(nan|inf|infinity)|null|none|n\/a|na|)$/i;

/** Parses one row; null without a loss. */
function readRow(
	cells: readonly string[],
	header: readonly string[],
	columns: ReadonlyMap<Column, number>,
	line: number,
): PointRow | null {
	const text = (column: Column) => (columns.has(column) ? cells[columns.get(column)!]!.trim() : "");
	const fault = (column: Column, what: string, rule: string) => {
		const name = columns.has(column) ? header[columns.get(column)!]! : column;
		return new PointsError(`line ${line}, column ${name}: ${what}; ${rule}`);
	};
	const amount = (column: Column): number | null => {
		const cell = text(column);
		if (cell === "") return null;
		const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
		if (!(value >= 1 / LARGEST && value <= LARGEST))
			throw fault(column, `"${cell}" is not a positive number`, "it must be a number above 0 and at most 1e100");
		return value;
	};
	const flag = (column: Column): boolean | null => {
		const cell = text(column).toLowerCase();
		if (cell === "") return null;
		if (["true", "yes", "1"].includes(cell)) return true;
		if (["false", "no", "0"].includes(cell)) return false;
		throw fault(column, `"${text(column)}" is neither true nor false`, "it must be true or false");
	};
	const lossText = text("loss");
	if (NO_NUMBER.test(lossText)) return null;
	const loss = amount("loss")!;
	const row: PointRow = {
		line,
		run: text("run") || `line ${line}`,
		total: amount("params"),
		nonEmbedding: amount("params_nonembedding"),
		head: null,
		tokens: amount("tokens"),
		flops: amount("flops"),
		loss,
		uniqueTokens: amount("unique_tokens"),
		budget: amount("budget"),
		annealed: flag("annealed"),
		recipe: text("recipe") || null,
		steps: amount("averaged_steps"),
		cost: null,
	};
	const [width, layers, vocabulary, context] = [
		amount("width"),
		amount("layers"),
		amount("vocabulary"),
		amount("context"),
	];
	row.head = width && vocabulary ? width * vocabulary : headOf(text("params_head"), () => amount("params_head"));
	if (width && layers && vocabulary && context)
		row.cost = flopsPerTokenByPart(modelConfig({ width, layers, vocabulary, context, heads: 1 }));
	const parameters = row.total ?? row.nonEmbedding;
	if (parameters === null) throw fault("params", "the cell is empty", "each row needs its parameters");
	if (row.tokens === null && row.flops === null)
		throw fault("tokens", "the cell is empty and no compute is given", "each row needs tokens or FLOPs");
	row.tokens ??= tokensOf(row.flops!, parameters);
	return row;
}

/** A tied head is exported as 0, which does not tell its size. */
function headOf(cell: string, read: () => number | null): number | null {
	return Number(cell) === 0 ? null : read();
}
