import Papa from "papaparse";
import type { ModelCounts } from "../../theory/embedding-fit.ts";
import type { TransformerShape } from "../../theory/hoffmann-flops.ts";
import { UsageError } from "../printing/terminal.ts";
import { type Note, readText } from "./read-text.ts";

/** The models of a file. */
export interface ModelConfigs {
	counts: ModelCounts[];
	/** In the same order; null when the file has no shapes. */
	shapes: TransformerShape[] | null;
}

const NAMES = {
	params: ["params"],
	millions: ["params_M"],
	nonEmbedding: ["params_nonembedding"],
	width: ["width", "d_model"],
	layers: ["layers", "n_layers"],
	heads: ["heads", "n_heads"],
	keySize: ["kv_size", "key_size"],
	feedForward: ["ffw_size"],
} as const;
type Column = keyof typeof NAMES;

/**
 * Models from a CSV with a header: `params` (or `params_M`, in millions) for N_T, and `params_nonembedding` for N_\E, or
 * `width` (or `d_model`) for N_\E = N_T − vocabulary·width. With `layers`, `heads`, `kv_size` and `ffw_size` (or
 * Chinchilla's names for them) also their shapes. Throws a UsageError.
 *
 * @param vocabulary vocabulary size, for files without `params_nonembedding`
 */
export async function readModelConfigs(path: string, vocabulary: number | null, note?: Note): Promise<ModelConfigs> {
	let text: string;
	try {
		text = await readText(path, note);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		const fault = code === undefined ? message : `${path} cannot be read (${code})`;
		throw new UsageError(`--configs: ${fault}; give a CSV file`, { cause: error });
	}
	const { data, meta } = Papa.parse<Record<string, string>>(text.trim(), { header: true, skipEmptyLines: true });
	const find = (column: Column) => NAMES[column].find((name) => meta.fields?.includes(name));
	const has = (...columns: Column[]) => columns.every(find);
	if (!has("params") && !has("millions"))
		throw new UsageError(`--configs: ${path} has neither a column params nor params_M; it needs one of them`);
	if (!has("nonEmbedding") && !(has("width") && vocabulary !== null))
		throw new UsageError(
			`--configs: ${path} has no column params_nonembedding; add it, or a column width or d_model and --vocabulary`,
		);
	if (data.length === 0) throw new UsageError(`--configs: ${path} has no rows; it needs one row per model`);
	const rows = data.map((row, i) => (column: Column) => {
		const name = find(column)!;
		const cell = (row[name] ?? "").trim();
		const value = cell === "" ? Number.NaN : Number(cell);
		if (!(value > 0 && value < 1e18))
			throw new UsageError(
				`--configs: ${path}, line ${i + 2}: ${name} is "${cell}"; it must be a number above 0 and below 1e18`,
			);
		return value;
	});
	return {
		counts: rows.map((cell) => {
			const total = has("params") ? cell("params") : cell("millions") * 1e6;
			const nonEmbedding = has("nonEmbedding") ? cell("nonEmbedding") : total - vocabulary! * cell("width");
			return { total, nonEmbedding };
		}),
		shapes: has("width", "layers", "heads", "keySize", "feedForward")
			? rows.map((cell) => ({
					layers: cell("layers"),
					width: cell("width"),
					heads: cell("heads"),
					keySize: cell("keySize"),
					feedForward: cell("feedForward"),
				}))
			: null,
	};
}
