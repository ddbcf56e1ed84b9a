import { type ActivationStorage, namesOf, STORAGES } from "../architecture/choices.ts";
import { type ModelConfig, modelConfig } from "../architecture/config.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../data/safetensors.ts";
import { fromHuggingFace, type Naming, toHuggingFace } from "../model/hugging-face.ts";
import { fromConfigJson, kindOf } from "../model/hugging-face-config.ts";
import { DECAYS, OPTIMIZERS } from "../run/choices.ts";
import type { OptimizerSpec } from "../run/optimizer-spec.ts";

/** The first steps of a run, recorded so that another implementation can repeat them. Tensors have our names and shapes. */
export interface Trace {
	model: ModelConfig;
	optimizer: OptimizerSpec;
	/** How activations were stored. */
	storage: ActivationStorage;
	/** Learning rate of each step. */
	rates: Float64Array<ArrayBuffer>;
	/** Sequences per step. */
	batch: number;
	/** [steps, batch, context + 1]: inputs and, shifted by one, targets. */
	tokens: Int32Array<ArrayBuffer>;
	/** Mean loss of each step's tokens before the update, in nats per token. */
	loss: Float64Array<ArrayBuffer>;
	/** Gradient norm of each step before clipping. */
	gradientNorm: Float64Array<ArrayBuffer>;
	/** Weights before the first step, gradients of the first step before clipping, weights after the last. */
	init: ReadonlyMap<string, Float32Array>;
	grads: ReadonlyMap<string, Float32Array>;
	final: ReadonlyMap<string, Float32Array>;
}

type Group = "init" | "grads" | "final";

/**
 * Writes a trace as a safetensors file: `init.*`, `grads.*` and `final.*` under Hugging Face's names, `tokens` (int32), `loss`,
 * `grad_norm` and `lr` (float64, one per step). The metadata holds every setting, with the model's configuration as JSON
 * under `model`.
 *
 * @param notes additional metadata
 */
export function writeTrace(trace: Trace, notes: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
	const { model, optimizer, storage, batch, rates, tokens, loss, gradientNorm } = trace;
	const steps = loss.length;
	const naming = namingOf(model);
	const tensors = new Map<string, SafeTensor>();
	for (const group of ["init", "grads", "final"] as const)
		for (const [name, { shape, data }] of toHuggingFace(model, naming, trace[group]))
			tensors.set(`${group}.${name}`, { dtype: "F32", shape, data });
	tensors.set("tokens", { dtype: "I32", shape: [steps, batch, model.context + 1], data: tokens });
	for (const [name, data] of Object.entries({ loss, grad_norm: gradientNorm, lr: rates }))
		tensors.set(name, { dtype: "F64", shape: [steps], data });
	const settings = {
		...{ arch: model.architecture ?? kindOf(model), d: model.width, layers: model.layers },
		...{ vocab: model.vocabulary, ctx: model.context },
		...(model.architecture === undefined && {
			...{ ffn: model.hidden, heads: model.heads, kv_heads: model.keyValueHeads },
		}),
		...{ untied: model.tied ? "False" : "True", batch, steps, model: JSON.stringify(model) },
		...{ optimizer: optimizer.kind, lr: optimizer.learningRate, wd: optimizer.weightDecay, decay: optimizer.decay },
		...{ beta1: optimizer.beta1, beta2: optimizer.beta2, eps: optimizer.epsilon, clip: optimizer.clip },
		storage,
		weight_decay_on: "tensors of 2 or more dimensions",
		loss: "mean over the tokens of the batch, natural log",
	};
	const texts = Object.entries(settings).map(([key, value]) => [key, String(value)]);
	return writeSafetensors(tensors, { ...Object.fromEntries(texts), ...notes });
}

/**
 * Reads a trace file. Where `model`, `lr` per step, `optimizer`, `decay` or `storage` is missing, the default is a GPT-2,
 * Llama or LSTM trained at a constant learning rate with PyTorch's AdamW in 32 bits.
 *
 * @throws Error naming what is missing from the file
 */
export function readTrace(bytes: Uint8Array): Trace {
	const { metadata, tensors } = readSafetensors(bytes);
	const setting = (key: string) => {
		const value = Number(metadata[key]);
		if (!Number.isFinite(value)) throw new Error(`trace: metadata.${key} is ${metadata[key]}; it must be a number`);
		return value;
	};
	const oneOf = <Option extends string>(key: string, options: readonly Option[]): Option => {
		const value = (metadata[key] ?? options[0]) as Option;
		if (!options.includes(value))
			throw new Error(`trace: metadata.${key} is ${value}; it must be one of ${options.join(", ")}`);
		return value;
	};
	const find = (name: string): SafeTensor => {
		const tensor = tensors.get(name);
		if (!tensor) throw new Error(`trace: tensor ${name} is missing`);
		return tensor;
	};
	const model = metadata.model === undefined ? familiarModel(metadata, setting, find) : parsedModel(metadata.model);
	const batch = setting("batch");
	const loss = Float64Array.from(find("loss").data as Float64Array);
	const perStep = (name: string) => {
		const { shape, data } = find(name);
		if (shape.length !== 1 || shape[0] !== loss.length)
			throw new Error(`trace: ${name} is [${shape}], loss is [${loss.length}]; they must agree`);
		return Float64Array.from(data as Float64Array);
	};
	const tokens = find("tokens");
	if (`${tokens.shape}` !== `${[loss.length, batch, model.context + 1]}`)
		throw new Error(
			`trace: tokens is [${tokens.shape}]; it must be [steps ${loss.length}, batch ${batch}, ` +
				`ctx + 1 = ${model.context + 1}]`,
		);
	const ids = Int32Array.from(tokens.data as Int32Array);
	if (ids.some((id) => id < 0 || id >= model.vocabulary))
		throw new Error(`trace: tokens holds an id outside the vocabulary of ${model.vocabulary}`);
	const group = (name: Group) =>
		fromHuggingFace(model, namingOf(model), (key, shape) => {
			const tensor = find(`${name}.${key}`);
			if (`${tensor.shape}` !== `${shape}`)
				throw new Error(`trace: tensor ${name}.${key} is [${tensor.shape}]; it must be [${shape}]`);
			return tensor.data as Float32Array;
		});
	const learningRate = setting("lr");
	return {
		...{ model, batch, tokens: ids, loss, gradientNorm: perStep("grad_norm"), storage: oneOf("storage", STORAGES) },
		rates: tensors.has("lr") ? perStep("lr") : new Float64Array(loss.length).fill(learningRate),
		optimizer: {
			...{ kind: oneOf("optimizer", namesOf(OPTIMIZERS)), learningRate },
			...{ beta1: setting("beta1"), beta2: setting("beta2"), epsilon: setting("eps"), clip: setting("clip") },
			...{ weightDecay: setting("wd"), decay: oneOf("decay", DECAYS) },
		},
		...{ init: group("init"), grads: group("grads"), final: group("final") },
	};
}

function namingOf(model: ModelConfig): Naming {
	const kind = kindOf(model);
	return kind === "llama" || kind === "qwen3" ? "llama" : "gpt2";
}

function parsedModel(text: string): ModelConfig {
	try {
		return fromConfigJson({ model_type: "isoflop", isoflop: JSON.parse(text) });
	} catch (error) {
		throw new Error(`trace: metadata.model: ${(error as Error).message}`);
	}
}

/** A GPT-2, Llama or LSTM with the sizes given in the metadata. */
function familiarModel(
	{ arch, untied }: Readonly<Record<string, string>>,
	setting: (key: string) => number,
	find: (name: string) => SafeTensor,
): ModelConfig {
	const common = {
		...{ vocabulary: setting("vocab"), context: setting("ctx"), width: setting("d"), layers: setting("layers") },
		tied: untied !== "True",
	};
	if (arch === "lstm") return { architecture: "lstm", ...common, biases: true };
	const sizes = { ...common, heads: setting("heads") };
	if (arch === "gpt2") {
		const [, hidden] = find("init.transformer.h.0.mlp.c_fc.weight").shape;
		return modelConfig({ ...sizes, hidden: hidden! });
	}
	if (arch !== "llama") throw new Error(`trace: metadata.arch is ${arch ?? "missing"}; it must be gpt2, llama or lstm`);
	const [hidden] = find("init.model.layers.0.mlp.gate_proj.weight").shape;
	const llama = { norm: "rms", positions: "rotary", activation: "swiglu", biases: false } as const;
	return modelConfig({ ...sizes, ...llama, hidden: hidden!, keyValueHeads: setting("kv_heads") });
}
