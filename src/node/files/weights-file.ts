import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ModelConfig } from "../../architecture/config.ts";
import { parameterShapes } from "../../architecture/parameters.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../../data/safetensors.ts";
import { fromConfigJson } from "../../model/hugging-face-config.ts";
import { makeFolder } from "./disk-error.ts";
import { floatTensor } from "./float-tensor.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import { writeAtomically } from "./write-atomically.ts";

/** A trained model: its configuration, and its weights under our names. */
export interface TrainedModel {
	config: ModelConfig;
	weights: ReadonlyMap<string, Float32Array>;
	/** Where the model comes from. Informative only. */
	about: Record<string, unknown>;
}

const FORMAT = "isoflop weights 1";

/** Writes a model as one safetensors file, atomically. */
export async function writeWeightsFile(path: string, { config, weights, about }: TrainedModel): Promise<void> {
	const tensors = parameterShapes(config).map(({ name, shape }): [string, SafeTensor] => {
		const data = Float32Array.from(weights.get(name)!);
		return [name, { dtype: "F32", shape: [...shape], data }];
	});
	const metadata = { format: FORMAT, model: JSON.stringify(config), about: JSON.stringify(about) };
	await makeFolder(dirname(path));
	await writeAtomically(path, writeSafetensors(new Map(tensors), metadata));
}

/** Reads a weights file. Throws an Error naming the file and what is wrong with it. */
export async function readWeightsFile(path: string): Promise<TrainedModel> {
	const bytes = await readFile(path);
	try {
		refuseLfsPointer(bytes);
		const { metadata, tensors } = readSafetensors(bytes);
		if (metadata.format !== FORMAT)
			throw new Error(`metadata.format is ${JSON.stringify(metadata.format)}; it must be "${FORMAT}"`);
		const config = fromConfigJson({ model_type: "isoflop", isoflop: JSON.parse(metadata.model ?? "null") });
		const weights = new Map(
			parameterShapes(config).map(({ name, shape }) => [name, floatTensor(tensors, name, shape)] as const),
		);
		return { config, weights, about: JSON.parse(metadata.about ?? "{}") };
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
