import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parameterShapes } from "../../architecture/parameters.ts";
import { decodeModel, encodeModel, type TrainedModel } from "../../model/trained-model.ts";
import { makeFolder } from "./disk-error.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import { writeAtomically } from "./write-atomically.ts";

/** Writes a model as one safetensors file, atomically. */
export async function writeWeightsFile(path: string, model: TrainedModel): Promise<void> {
	await makeFolder(dirname(path));
	await writeAtomically(path, encodeModel(model));
}

/** Reads a weights file. Throws an Error naming the file and what is wrong with it. */
export async function readWeightsFile(path: string): Promise<TrainedModel> {
	const bytes = await readFile(path);
	try {
		refuseLfsPointer(bytes);
		return decodeModel(bytes);
	} catch (error) {
		throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
	}
}

/** SHA-256 of a model's configuration and weights, independent of the file it was read from. */
export function modelHash({ config, weights }: Pick<TrainedModel, "config" | "weights">): string {
	const hash = createHash("sha256").update(JSON.stringify(Object.entries(config).sort()));
	for (const { name } of parameterShapes(config)) {
		const { buffer, byteOffset, byteLength } = weights.get(name)!;
		hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
	}
	return hash.digest("hex");
}
