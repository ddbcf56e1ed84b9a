import { readFile } from "node:fs/promises";
import Papa from "papaparse";
import type { ModelCounts } from "../theory/index.ts";
import { UsageError } from "./terminal.ts";

/**
 * Models' parameter counts from a CSV with a header: `params` (or `params_M`, in millions) for N_T, and
 * `params_nonembedding` for N_\E, or `width` (or `d_model`) for N_\E = N_T − vocabulary·width. Throws UsageError.
 *
 * @param vocabulary kinds of token, for files without `params_nonembedding`
 */
export async function readModelCounts(path: string, vocabulary: number | null): Promise<ModelCounts[]> {
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		throw new UsageError(
			`--configs: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}); give a CSV file`,
		);
	}
	const { data, meta } = Papa.parse<Record<string, string>>(text.trim(), { header: true, skipEmptyLines: true });
	const has = (name: string) => meta.fields?.includes(name) ?? false;
	const total = ["params", "params_M"].find(has);
	const width = ["width", "d_model"].find(has);
	if (!total) throw new UsageError(`--configs: ${path} has no column params or params_M; its models need one`);
	if (!has("params_nonembedding") && !(width && vocabulary !== null))
		throw new UsageError(
			`--configs: ${path} has no column params_nonembedding; it needs one, or width or d_model and --vocabulary`,
		);
	const models = data.map((row, i) => {
		const cell = (name: string) => {
			const value = (row[name] ?? "").trim() === "" ? Number.NaN : Number(row[name]);
			if (!(value > 0 && value < 1e18))
				throw new UsageError(
					`--configs: ${path}, line ${i + 2}: ${name} is "${row[name] ?? ""}"; it must be a number above 0 and below 1e18`,
				);
			return value;
		};
		const counted = cell(total) * (total === "params_M" ? 1e6 : 1);
		const nonEmbedding = has("params_nonembedding")
			? cell("params_nonembedding")
			: counted - vocabulary! * cell(width!);
		return { total: counted, nonEmbedding };
	});
	if (models.length === 0) throw new UsageError(`--configs: ${path} has no rows; it needs one for each model`);
	return models;
}
