import { namesOf } from "./conditions.ts";
import { PointsError, quoted } from "./points-error.ts";

/** Accepted names of each column, in lower case with _ for what divides words ("Training Tokens", "val/loss"). */
export const COLUMN_NAMES = {
	run: ["run", "run_id", "id", "curve", "name", "run_name"],
	experiment: ["experiment", "study", "stage"],
	params: [
		...["params", "parameters", "params_total", "total_params", "total_parameters", "n_params", "num_params"],
		...["num_parameters", "n_total", "model_size", "n"],
	],
	params_nonembedding: [
		...["params_nonembedding", "params_non_embedding", "params_no_embed", "non_emb_params", "non_embedding_params"],
		...["nonembedding_params", "n_nonembedding", "n_non_embedding", "num_non_embedding_params"],
	],
	params_head: ["params_head"],
	tokens: [
		...["tokens", "training_tokens", "train_tokens", "num_tokens", "n_tokens", "total_tokens", "tokens_seen"],
		...["tokens_trained", "d"],
	],
	flops: ["flops", "flop", "compute", "training_flop", "training_flops", "train_flops", "total_flops", "c"],
	flops_per_token: ["flops_per_token", "flop_per_token"],
	loss: [
		"loss",
		"validation_loss",
		"val_loss",
		"eval_loss",
		"valid_loss",
		"test_loss",
		"train_loss",
		"training_loss",
		"l",
	],
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

export type Column = keyof typeof COLUMN_NAMES;
export const COLUMNS = Object.keys(COLUMN_NAMES) as Column[];

/** What a column's name says of its unit, as a factor to plain counts, FLOP, or nats. */
const UNITS: Record<string, number> = {
	...{ k: 1e3, thousand: 1e3, thousands: 1e3, m: 1e6, million: 1e6, millions: 1e6, mm: 1e6 },
	...{ b: 1e9, bn: 1e9, g: 1e9, billion: 1e9, billions: 1e9, t: 1e12, trillion: 1e12, trillions: 1e12 },
	...{ flop: 1, flops: 1, tflop: 1e12, tflops: 1e12, pflop: 1e15, pflops: 1e15, eflop: 1e18, eflops: 1e18 },
	...{ exaflop: 1e18, exaflops: 1e18, zflop: 1e21, zflops: 1e21, "pf-days": 8.64e19, "petaflop/s-days": 8.64e19 },
	...{ nats: 1, "nats/token": 1, bits: Math.LN2, "bits/token": Math.LN2 },
};

/** Where a column of the table is read from. */
export interface Source {
	/** The column's place in the header; -1 for a constant. */
	index: number;
	/** The name in the file, or the constant as given. */
	name: string;
	/** The value of a constant. */
	constant: string | null;
	/** What its numbers are multiplied by. */
	unit: number;
	/** Other columns of the file that could be meant. */
	others: string[];
}

/** How the user reads a file differently from its names. */
export interface Mapping {
	/** By column: a name in the file, or a number that holds for every row. */
	map?: Readonly<Partial<Record<Column, string>>>;
	/** By column: what its numbers are multiplied by. */
	units?: Readonly<Partial<Record<Column, number>>>;
}

/**
 * Finds each known column in the header.
 *
 * @throws PointsError when a needed one is missing, one is there twice, or a mapped name does not exist
 */
export function findColumns(header: readonly string[], mapping: Mapping = {}): Map<Column, Source> {
	const sources = matchColumns(header, mapping);
	requireAny(sources, header, ["loss"], "losses");
	requireAny(sources, header, ["params", "params_nonembedding"], "parameters");
	requireAny(sources, header, ["tokens", "flops"], "tokens or compute");
	return sources;
}

/** The columns that there are, whether or not they suffice. @throws PointsError as `findColumns`, but for none that is missing */
export function matchColumns(header: readonly string[], { map = {}, units = {} }: Mapping = {}): Map<Column, Source> {
	const sources = new Map<Column, Source>();
	for (const column of COLUMNS) {
		const found = map[column] === undefined ? byName(column, header) : mapped(column, map[column], header);
		if (found) sources.set(column, { ...found, unit: units[column] ?? found.unit });
		else if (units[column] !== undefined)
			throw new PointsError(
				`--units names ${column}, but the file has no such column; the columns are ${namesOf(header)}`,
			);
	}
	return sources;
}

/** A name in words: lower case, words joined by _, without a unit in brackets at its end. */
function normalized(name: string): { plain: string; unit: number | null } {
	const bracket = /^(.*?)\s*[([]([^)\]]+)[)\]]\s*$/.exec(name);
	const unit = bracket ? UNITS[bracket[2]!.trim().toLowerCase()] : undefined;
	const plain = (unit === undefined ? name : bracket![1]!).trim().toLowerCase();
	return { plain: plain.replaceAll(/[\s\-./]+/g, "_"), unit: unit ?? null };
}

function byName(column: Column, header: readonly string[]): Source | null {
	const names: readonly string[] = COLUMN_NAMES[column];
	const rank = (name: string) => names.indexOf(normalized(name).plain);
	const found = header.flatMap((name, index) => (rank(name) >= 0 ? [{ name, index, rank: rank(name) }] : []));
	// If several accepted names occur, the first in the list wins: an export has both "loss" and "validation_loss".
	found.sort((p, q) => p.rank - q.rank);
	const [first, second] = found;
	if (!first) return null;
	if (second?.rank === first.rank)
		throw new PointsError(
			`the header has two columns of ${column}, ${quoted(first.name)} and ${quoted(second.name)}; each may appear once`,
		);
	return {
		...{ index: first.index, name: first.name, constant: null, unit: normalized(first.name).unit ?? 1 },
		others: found.slice(1).map(({ name }) => name),
	};
}

function mapped(column: Column, to: string, header: readonly string[]): Source {
	const index = header.findIndex((name) => name.toLowerCase() === to.toLowerCase());
	if (index >= 0) {
		const name = header[index]!;
		return { index, name, constant: null, unit: normalized(name).unit ?? 1, others: [] };
	}
	if (/^[+-]?(\d|\.\d)/.test(to)) return { index: -1, name: to, constant: to, unit: 1, others: [] };
	throw new PointsError(`--map ${column}=${to}: there is no column ${quoted(to)}; the columns are ${namesOf(header)}`);
}

function requireAny(
	sources: ReadonlyMap<Column, Source>,
	header: readonly string[],
	any: Column[],
	what: string,
): void {
	if (any.some((column) => sources.has(column))) return;
	const names = any.flatMap((column) => COLUMN_NAMES[column]).join(", ");
	throw new PointsError(
		`there is no column of ${what} (${names}); the columns are ${namesOf(header)}${hint(header)}. ` +
			`--map ${any[0]}=<column> names one`,
	);
}

/** What an export of curves alone lacks. */
function hint(header: readonly string[]): string {
	const lower = header.map((name) => name.toLowerCase());
	if (lower.includes("wall time") && lower.includes("value"))
		return "; this is an export of TensorBoard, which has the curve of one run and not its size: --map params=<N>,tokens=Step,loss=Value --units tokens=<tokens per step>";
	if (header.some((name) => / - .*(__MIN|__MAX)$/.test(name)))
		return "; this is an export of a chart with a column for each run, which has no sizes: export the runs' table or their history, with the columns of their configuration";
	return "";
}
