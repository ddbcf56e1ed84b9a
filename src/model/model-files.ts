import type { ModelConfig, TransformerConfig } from "../architecture/config.ts";
import { type SafeTensor, writeSafetensors } from "../data/safetensors.ts";
import { tokenizerFiles, tokenizerTables } from "../data/tokenizer-files.ts";
import { type Naming, toHuggingFace, withoutMultipliers } from "./hugging-face.ts";
import { kindOf, toConfigJson } from "./hugging-face-config.ts";
import type { TrainedModel } from "./trained-model.ts";

export const WEIGHTS = "model.safetensors";
export const CONFIG = "config.json";

/**
 * A model as the files of a Hugging Face folder, by name: model.safetensors, config.json and the tokenizer's files. For architectures
 * without μP, its multipliers are folded into the weights. `isoflop_run` in config.json records the model's origin.
 */
export async function modelFiles({
	config,
	weights,
	about,
}: TrainedModel & { config: TransformerConfig }): Promise<Record<string, string | Uint8Array<ArrayBuffer>>> {
	const kind = kindOf(config);
	const shown = kind === "isoflop" ? weights : withoutMultipliers(config, weights);
	const tensors = [...toHuggingFace(config, namingOf(config), shown)].map(
		([name, { shape, data }]): [string, SafeTensor] => [name, { dtype: "F32", shape, data }],
	);
	const tables = await tokenizerTables(config.vocabulary);
	const settings = {
		...toConfigJson(config),
		...{ bos_token_id: tables.endOfText, eos_token_id: tables.endOfText },
		...(Object.keys(about).length > 0 && { isoflop_run: about }),
	};
	return {
		...tokenizerFiles(tables, config.context),
		[CONFIG]: `${JSON.stringify(settings, null, "\t")}\n`,
		// Transformers rejects files without this format entry.
		[WEIGHTS]: writeSafetensors(new Map(tensors), { format: "pt" }),
	};
}

/** How the tensors of a model are named in its folder. */
export function namingOf(config: ModelConfig): Naming {
	const kind = kindOf(config);
	return kind === "llama" || kind === "qwen3" ? "llama" : "gpt2";
}
