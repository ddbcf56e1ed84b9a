import { join } from "node:path";
import type { ModelConfig, TransformerConfig } from "../../architecture/config.ts";
import type { SafeTensor } from "../../data/safetensors.ts";
import { checkVocabulary, tokenizerTables } from "../../data/tokenizer-files.ts";
import { floatTensor } from "../../model/float-tensor.ts";
import { fromHuggingFace } from "../../model/hugging-face.ts";
import { fromConfigJson } from "../../model/hugging-face-config.ts";
import { CONFIG, modelFiles, namingOf } from "../../model/model-files.ts";
import type { TrainedModel } from "../../model/trained-model.ts";
import { makeFolder } from "./disk-error.ts";
import { refuseLfsPointer } from "./lfs-pointer.ts";
import { readFolderWeights, within } from "./model-weights.ts";
import { type Note, readText } from "./read-text.ts";
import { writeAtomically } from "./write-atomically.ts";

/** Largest config.json or vocabulary that is parsed. */
const MAX_TEXT_BYTES = 50_000_000;

/** Writes a model as a Hugging Face folder; see `modelFiles`. */
export async function writeModelFolder(
	path: string,
	model: TrainedModel & { config: TransformerConfig },
): Promise<void> {
	const files = await modelFiles(model);
	await makeFolder(path);
	for (const [name, content] of Object.entries(files)) await writeAtomically(join(path, name), content);
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
