import { type Zippable, zipSync } from "fflate";
import { modelFiles } from "../model/model-files.ts";
import type { TrainedModel } from "../model/trained-model.ts";

/** A folder of Hugging Face's in a zip file; see `modelFiles`. @throws Error for an LSTM, for which there is no such folder */
export async function modelZip({ config, weights, about }: TrainedModel): Promise<Uint8Array<ArrayBuffer>> {
	if (config.architecture === "lstm")
		throw new Error("the model is an LSTM, and transformers has no format for one; it must be a transformer");
	const files = await modelFiles({ config, weights, about });
	const encoder = new TextEncoder();
	const entries = Object.entries(files).map(([name, content]): [string, Zippable[string]] =>
		// Weights hardly get smaller by compression.
		typeof content === "string" ? [name, encoder.encode(content)] : [name, [content, { level: 0 }]],
	);
	return zipSync(Object.fromEntries(entries)) as Uint8Array<ArrayBuffer>;
}
