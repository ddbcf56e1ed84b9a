import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readSafetensors, type SafeTensor } from "../../data/safetensors.ts";
import { WEIGHTS } from "../../model/model-files.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import type { Note } from "./read-text.ts";

const INDEX = `${WEIGHTS}.index.json`;

/** The tensors of a model folder, and the file that names them. */
export interface FolderWeights {
	file: string;
	tensors: ReadonlyMap<string, SafeTensor>;
}

/**
 * Reads the weights of a Hugging Face folder: model.safetensors, or the shards that its index names.
 *
 * @param note hears which types of 16 bits there are
 * @throws Error naming the file and what is wrong with it
 */
export async function readFolderWeights(path: string, note: Note): Promise<FolderWeights> {
	const file = join(path, WEIGHTS);
	const whole = await readIfExists(file);
	if (whole)
		return noted(
			file,
			within(file, () => tensorsOf(whole)),
			note,
		);
	const index = join(path, INDEX);
	const bytes = await readIfExists(index);
	if (!bytes) throw new Error(`${path}: ${WEIGHTS} cannot be read (ENOENT); a model folder must have one, or ${INDEX}`);
	const places = within(index, () => weightMap(bytes));
	const tensors = new Map<string, SafeTensor>();
	for (const shard of new Set(places.values())) {
		const shardPath = join(path, shard);
		const read = await readIfExists(shardPath);
		if (!read) throw new Error(`${shardPath} is missing; ${INDEX} names it, so it must be there`);
		for (const [name, tensor] of within(shardPath, () => tensorsOf(read))) {
			if (places.get(name) !== shard)
				throw new Error(
					`${shardPath}: tensor ${name} is in ${places.get(name) ?? "no shard"} by ${INDEX}; the two must agree`,
				);
			tensors.set(name, tensor);
		}
	}
	const missing = [...places].find(([name]) => !tensors.has(name));
	if (missing)
		throw new Error(`${join(path, missing[1])}: tensor ${missing[0]} is missing; ${INDEX} says that it is there`);
	return noted(index, tensors, note);
}

function tensorsOf(bytes: Uint8Array): Map<string, SafeTensor> {
	refuseLfsPointer(bytes);
	return readSafetensors(bytes).tensors;
}

/** The shard of each tensor, by the index. */
function weightMap(bytes: Uint8Array): Map<string, string> {
	refuseLfsPointer(bytes);
	const { weight_map: map } = JSON.parse(new TextDecoder().decode(bytes)) as { weight_map?: unknown };
	if (typeof map !== "object" || map === null) throw new Error("weight_map is missing; it must map tensors to files");
	const entries = Object.entries(map);
	const wrong = entries.find(
		([, shard]) => typeof shard !== "string" || shard !== basename(shard) || /^\.*$/.test(shard),
	);
	if (wrong)
		throw new Error(
			`weight_map: ${wrong[0]} is in ${JSON.stringify(wrong[1])}; it must be the name of a file in the same folder`,
		);
	return new Map(entries as [string, string][]);
}

function noted(file: string, tensors: ReadonlyMap<string, SafeTensor>, note: Note): FolderWeights {
	for (const type of ["F16", "BF16"] as const) {
		const count = [...tensors.values()].filter(({ dtype }) => dtype === type).length;
		if (count > 0)
			note(`${file}: ${count} of ${tensors.size} tensors are ${type}; they are converted to F32, without loss`);
	}
	return { file, tensors };
}

async function readIfExists(path: string): Promise<Uint8Array | null> {
	try {
		return await readFile(path);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return null;
		throw new Error(`${path} cannot be read (${code})`, { cause: error });
	}
}

/** Prefixes the messages of errors in `read` with `subject`. */
export function within<T>(subject: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new Error(`${subject}: ${(error as Error).message}`, { cause: error });
	}
}
