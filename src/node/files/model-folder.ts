import { join } from "node:path";
import type { ModelConfig, TransformerConfig } from "../../architecture/config.ts";
import { type SafeTensor, writeSafetensors } from "../../data/safetensors.ts";
import { checkVocabulary, tokenizerFiles, tokenizerTables } from "../../data/tokenizer-files.ts";
import { fromHuggingFace, type Naming, toHuggingFace, withoutMultipliers } from "../../model/hugging-face.ts";
import { fromConfigJson, kindOf, toConfigJson } from "../../model/hugging-face-config.ts";
import { makeFolder } from "./disk-error.ts";
import { floatTensor } from "./float-tensor.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import { readFolderWeights, WEIGHTS, within } from "./model-weights.ts";
import { type Note, readText } from "./read-text.ts";
import type { TrainedModel } from "./weights-file.ts";
import { writeAtomically } from "./write-atomically.ts";

const CONFIG = "config.json";

/** Largest config.json or vocabulary that is parsed. */
const MAX_TEXT_BYTES = 50_000_000;

/**
 * Writes a model as a Hugging Face folder: model.safetensors, config.json and the tokenizer's files. For architectures
 * without μP, its multipliers are folded into the weights. `isoflop_run` in config.json records the model's origin.
 */
export async function writeModelFolder(
	path: string,
	{ config, weights, about }: TrainedModel & { config: TransformerConfig },
): Promise<void> {
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
	await makeFolder(path);
	const files = tokenizerFiles(tables, config.context);
	for (const [name, text] of Object.entries(files)) await writeAtomically(join(path, name), text);
	await writeAtomically(join(path, CONFIG), `${JSON.stringify(settings, null, "\t")}\n`);
	// Transformers rejects files without this format entry.
	await writeAtomically(join(path, WEIGHTS), writeSafetensors(new Map(tensors), { format: "pt" }));
}

/**
 * Reads a Hugging Face folder. Throws an Error naming the file and what is unsupported: the architecture, the tokenizer or
 * a shape.
 *
 * @param note hears of weights that are converted
 */
export async function readModelFolder(path: string, note: Note = () => {}): Promise<TrainedModel> {
	const json = await readJson(path, CONFIG);
	const config = within(path, () => fromConfigJson(json));
	const { file, tensors } = await readFolderWeights(path, note);
	const weights = within(file, () => {
		const used = new Set<string>();
		const prefix = prefixOf(tensors);
		const found = fromHuggingFace(config, namingOf(config), (name, shape) => {
			const theirs = name.startsWith(PREFIX) ? prefix + name.slice(PREFIX.length) : name;
			used.add(theirs);
			return floatTensor(tensors, theirs, shape);
		});
		const left = [...tensors.keys()].find((name) => !used.has(name) && !IGNORED.test(name));
		if (left !== undefined)
			throw new Error(`tensor ${left} is not part of the model in config.json; the two must agree`);
		return found;
	});
	await checkTokenizer(path, config);
	const about = json.isoflop_run;
	return { config, weights, about: typeof about === "object" && about !== null ? { ...about } : {} };
}

/** What GPT-2's tensors begin with, except in weights of the bare model, as OpenAI's are published. */
const PREFIX = "transformer.";

function prefixOf(tensors: ReadonlyMap<string, SafeTensor>): string {
	return tensors.has("wte.weight") && !tensors.has(`${PREFIX}wte.weight`) ? "" : PREFIX;
}

/** Tensors that some writers add to the weights: causal masks, rotary angles, the head of a tied model. */
const IGNORED = /\.attn\.(masked_)?bias$|\.rotary_emb\.inv_freq$|^lm_head\.weight$/;

async function checkTokenizer(path: string, { vocabulary }: ModelConfig): Promise<void> {
	if (vocabulary < 256 || vocabulary > 50_257)
		throw new Error(
			`${path}: the vocabulary has ${vocabulary} tokens; it must have 256 (bytes) or 257 to 50,257 (GPT-2's encoding, cut to that size)`,
		);
	const vocab = await readJson(path, "vocab.json").catch(async (): Promise<unknown> => {
		const { model } = (await readJson(path, "tokenizer.json")) as { model?: { vocab?: unknown } };
		return model?.vocab;
	});
	if (typeof vocab !== "object" || vocab === null)
		throw new Error(`${path}: tokenizer.json has no model.vocab, which must map tokens to ids`);
	const tables = await tokenizerTables(vocabulary);
	within(join(path, "vocab.json"), () => checkVocabulary(tables, vocab as Record<string, unknown>));
}

function namingOf(config: ModelConfig): Naming {
	const kind = kindOf(config);
	return kind === "llama" || kind === "qwen3" ? "llama" : "gpt2";
}

async function readJson(path: string, name: string): Promise<Record<string, unknown>> {
	let text: string;
	try {
		text = await readText(join(path, name));
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === undefined) throw error;
		throw new Error(`${path}: ${name} cannot be read (${code}); a model folder must have one`);
	}
	return within(join(path, name), () => {
		refuseLfsPointer(new TextEncoder().encode(text.slice(0, 1024)));
		if (text.length > MAX_TEXT_BYTES)
			throw new Error(`it has ${text.length} characters; the maximum is ${MAX_TEXT_BYTES}`);
		const value: unknown = JSON.parse(text);
		if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("it is not a JSON object");
		return value as Record<string, unknown>;
	});
}
