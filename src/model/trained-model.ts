import type { ModelConfig } from "../architecture/config.ts";
import { parameterShapes } from "../architecture/parameters.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../data/safetensors.ts";
import { floatTensor } from "./float-tensor.ts";
import { fromConfigJson } from "./hugging-face-config.ts";

/** A trained model: its configuration, and its weights under our names. */
export interface TrainedModel {
	config: ModelConfig;
	weights: ReadonlyMap<string, Float32Array>;
	/** Where the model comes from. Informative only. */
	about: Record<string, unknown>;
}

const FORMAT = "isoflop weights 1";

/** A model as the bytes of one safetensors file. */
export function encodeModel({ config, weights, about }: TrainedModel): Uint8Array<ArrayBuffer> {
	const tensors = parameterShapes(config).map(({ name, shape }): [string, SafeTensor] => {
		const data = Float32Array.from(weights.get(name)!);
		return [name, { dtype: "F32", shape: [...shape], data }];
	});
	const metadata = { format: FORMAT, model: JSON.stringify(config), about: JSON.stringify(about) };
	return writeSafetensors(new Map(tensors), metadata);
}

/** The model of such bytes. Throws an Error saying what is wrong with them. */
export function decodeModel(bytes: Uint8Array): TrainedModel {
	const { metadata, tensors } = readSafetensors(bytes);
	if (metadata.format !== FORMAT)
		throw new Error(`metadata.format is ${JSON.stringify(metadata.format)}; it must be "${FORMAT}"`);
	const config = fromConfigJson({ model_type: "isoflop", isoflop: JSON.parse(metadata.model ?? "null") });
	const weights = new Map(
		parameterShapes(config).map(({ name, shape }) => [name, floatTensor(tensors, name, shape)] as const),
	);
	return { config, weights, about: JSON.parse(metadata.about ?? "{}") };
}
