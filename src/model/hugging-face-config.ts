import {
	ACTIVATIONS,
	type Activation,
	ARCHITECTURES,
	DEFAULT_ARCHITECTURE,
	NORMS,
	type Norm,
	namesOf,
	POSITIONS,
	type Positions,
} from "../architecture/choices.ts";
import { type LstmConfig, type ModelConfig, modelConfig, type TransformerConfig } from "../architecture/config.ts";
import { ConfigReader, show } from "./config-reader.ts";
import { HARMLESS_EVERYWHERE, HARMLESS_IN_GPT2, HARMLESS_IN_LLAMA, WRITTEN_BY_US } from "./harmless-keys.ts";

/**
 * Architectures known to both Hugging Face's transformers and this project. Qwen3 is Llama with normed queries and keys.
 * `isoflop` is for all other models: tensors have GPT-2's names, and config.json holds our own description.
 */
export type HuggingFaceKind = "gpt2" | "llama" | "qwen3" | "isoflop";

/** Names of activation functions in GPT-2's config.json. */
const GPT2_ACTIVATIONS: Partial<Record<Activation, string>> = { gelu: "gelu_new", relu2: "relu2" };

/** For each architecture, the settings that it requires and that the model lacks. */
export function obstacles(config: TransformerConfig): Record<Exclude<HuggingFaceKind, "isoflop">, string[]> {
	const { width, heads, keyValueHeads, headSize, norm, positions, activation, qkNorm, biases } = config;
	const broken = (rules: Record<string, boolean>) => Object.keys(rules).filter((rule) => !rules[rule]);
	const llama = {
		"RMS norm": norm === "rms",
		"rotary positions": positions === "rotary",
		SwiGLU: activation === "swiglu",
	};
	return {
		gpt2: broken({
			"layer norm": norm === "layer",
			"learned positions": positions === "learned",
			"GELU or ReLU²": activation in GPT2_ACTIVATIONS,
			biases,
			"no QK-norm": !qkNorm,
			"as many heads of keys as of queries": keyValueHeads === heads,
			"heads as wide as the model together": heads * headSize === width,
		}),
		llama: broken({ ...llama, "no QK-norm": !qkNorm }),
		qwen3: broken({ ...llama, "QK-norm": qkNorm, "no biases": !biases }),
	};
}

/** The architecture that a model is exported as; an LSTM is never exported. */
export function kindOf(config: ModelConfig): HuggingFaceKind {
	if (config.architecture === "lstm") return "isoflop";
	const found = Object.entries(obstacles(config)).find(([, broken]) => broken.length === 0);
	return (found?.[0] as HuggingFaceKind | undefined) ?? "isoflop";
}

const EPSILON = 1e-5;
const THETA = 10_000;

/** A transformer's config.json. */
export function toConfigJson(config: TransformerConfig): Record<string, unknown> {
	const { vocabulary, context, width, layers, heads, keyValueHeads, headSize, hidden, activation, biases, tied } =
		config;
	const kind = kindOf(config);
	const common = { model_type: kind, vocab_size: vocabulary, tie_word_embeddings: tied, torch_dtype: "float32" };
	if (kind === "isoflop") return { ...common, isoflop: config };
	if (kind === "gpt2")
		return {
			...{ ...common, architectures: ["GPT2LMHeadModel"] },
			...{ n_positions: context, n_embd: width, n_layer: layers, n_head: heads, n_inner: hidden },
			activation_function: GPT2_ACTIVATIONS[activation],
			...{ layer_norm_epsilon: EPSILON, embd_pdrop: 0, attn_pdrop: 0, resid_pdrop: 0 },
		};
	return {
		...{ ...common, architectures: [kind === "llama" ? "LlamaForCausalLM" : "Qwen3ForCausalLM"] },
		...{ max_position_embeddings: context, hidden_size: width, num_hidden_layers: layers, intermediate_size: hidden },
		...{ num_attention_heads: heads, num_key_value_heads: keyValueHeads, head_dim: headSize },
		...{ hidden_act: "silu", rms_norm_eps: EPSILON, rope_theta: THETA, attention_bias: biases },
		...(kind === "llama" && { mlp_bias: biases }),
	};
}

/**
 * The model that a config.json describes. Every key is honored, or known to leave the computed function alone, or refused.
 *
 * @throws Error naming a key that is missing, unknown or has a value that this engine does not support
 */
export function fromConfigJson(json: Record<string, unknown>): ModelConfig {
	const config = read(json);
	if (config.architecture === "lstm") return config;
	const { heads, keyValueHeads, headSize, positions } = config;
	if (heads % keyValueHeads !== 0)
		throw new Error(`config.json: there are ${keyValueHeads} heads of keys; they must divide the ${heads} of queries`);
	if (positions === "rotary" && headSize % 2 !== 0)
		throw new Error(`config.json: heads have size ${headSize}; it must be even where positions are rotary`);
	return config;
}

function read(json: Record<string, unknown>): ModelConfig {
	const kind = json.model_type;
	const reader = new ConfigReader(json);
	if (kind === "gpt2") return fromGpt2(reader);
	if (kind === "llama" || kind === "qwen3") return fromLlama(reader, kind);
	if (kind === "isoflop") return fromOwn(reader);
	throw new Error(`config.json: model_type is ${show(kind)}; it must be one of "gpt2", "llama", "qwen3", "isoflop"`);
}

function fromGpt2(read: ConfigReader): TransformerConfig {
	const activations = { gelu_new: "gelu", gelu_pytorch_tanh: "gelu", relu2: "relu2" } as const;
	const heads = read.whole("n_head");
	const width = read.whole("n_embd", { multipleOf: heads });
	read.must("layer_norm_epsilon", [EPSILON], EPSILON);
	read.must("scale_attn_weights", [true], true);
	read.must("scale_attn_by_inverse_layer_idx", [false], false);
	plainDecoder(read);
	const config = modelConfig({
		...{ vocabulary: read.whole("vocab_size"), context: read.whole("n_positions"), width, heads },
		layers: read.whole("n_layer"),
		hidden: read.whole("n_inner", { absent: 4 * width }),
		activation: activations[read.must("activation_function", Object.keys(activations), "gelu_new") as "gelu_new"],
		tied: read.must("tie_word_embeddings", [true, false], true) as boolean,
	});
	read.refuseRest([...HARMLESS_EVERYWHERE, ...HARMLESS_IN_GPT2]);
	return config;
}

/** Settings of any model that would change what it computes. */
function plainDecoder(read: ConfigReader): void {
	read.must("add_cross_attention", [false], false);
	read.must("is_encoder_decoder", [false], false);
	read.must("cross_attention_hidden_size", [null], null);
	read.must("quantization_config", [null], null);
	read.mustBeEmpty("pruned_heads");
}

function fromLlama(read: ConfigReader, kind: "llama" | "qwen3"): TransformerConfig {
	const heads = read.whole("num_attention_heads");
	const width = read.whole("hidden_size");
	const keyValueHeads = read.whole("num_key_value_heads", { absent: heads });
	const biases = kind === "llama" && (read.must("attention_bias", [true, false], false) as boolean);
	if (kind === "llama") read.must("mlp_bias", [biases], false);
	else read.must("attention_bias", [false], false);
	read.must("hidden_act", ["silu"], "silu");
	read.must("rms_norm_eps", [EPSILON], 1e-6);
	rotaryPositions(read);
	const layers = read.whole("num_hidden_layers");
	fullAttention(read, kind, layers);
	plainDecoder(read);
	const config = modelConfig({
		...{ vocabulary: read.whole("vocab_size"), context: read.whole("max_position_embeddings"), width, heads },
		...{ layers, hidden: read.whole("intermediate_size"), keyValueHeads },
		headSize: read.whole("head_dim", { absent: width / heads }),
		...{ norm: "rms", positions: "rotary", activation: "swiglu", biases, qkNorm: kind === "qwen3" },
		tied: read.must("tie_word_embeddings", [true, false], false) as boolean,
	});
	read.refuseRest([...HARMLESS_EVERYWHERE, ...HARMLESS_IN_LLAMA]);
	return config;
}

/** Rotary positions as this engine computes them, under the keys of transformers 4 and those of transformers 5. */
function rotaryPositions(read: ConfigReader): void {
	read.must("rope_theta", [THETA], THETA);
	read.must("rope_scaling", [null], null);
	read.must("rope_interleaved", [false], false);
	read.must("partial_rotary_factor", [1], 1);
	const today = read.inner("rope_parameters");
	if (!today) return;
	today.must("rope_type", ["default"], "default");
	today.must("type", ["default"], "default");
	today.must("rope_theta", [THETA], THETA);
	today.must("partial_rotary_factor", [1], 1);
	today.refuseRest([]);
}

/** Every layer attends to the whole context. Qwen3 ignores a window unless `use_sliding_window` turns it on. */
function fullAttention(read: ConfigReader, kind: "llama" | "qwen3", layers: number): void {
	read.must("use_sliding_window", [false], false);
	if (kind === "qwen3") read.skip("sliding_window", "max_window_layers");
	else read.must("sliding_window", [null], null);
	read.mustBeAll("layer_types", "full_attention", layers);
}

function fromOwn(outer: ConfigReader): ModelConfig {
	const read = outer.inner("isoflop") ?? new ConfigReader({}, "isoflop.");
	outer.refuseRest([...HARMLESS_EVERYWHERE, ...WRITTEN_BY_US]);
	const architecture = read.must("architecture", ARCHITECTURES, DEFAULT_ARCHITECTURE);
	const config = architecture === "lstm" ? ownLstm(read) : ownTransformer(read);
	read.refuseRest([]);
	return config;
}

/** What models of every architecture have. */
function commonPart(read: ConfigReader) {
	const flag = (key: string) => read.must(key, [true, false]) as boolean;
	return {
		...{ vocabulary: read.whole("vocabulary"), context: read.whole("context"), width: read.whole("width") },
		...{ layers: read.whole("layers"), biases: flag("biases"), tied: flag("tied") },
	};
}

function ownLstm(read: ConfigReader): LstmConfig {
	return { architecture: "lstm", ...commonPart(read) };
}

function ownTransformer(read: ConfigReader): TransformerConfig {
	return {
		...commonPart(read),
		...{ heads: read.whole("heads"), hidden: read.whole("hidden"), headSize: read.whole("headSize") },
		keyValueHeads: read.whole("keyValueHeads"),
		norm: read.must("norm", namesOf(NORMS)) as Norm,
		positions: read.must("positions", POSITIONS) as Positions,
		activation: read.must("activation", namesOf(ACTIVATIONS)) as Activation,
		qkNorm: read.must("qkNorm", [true, false]) as boolean,
		baseWidth: read.value("baseWidth") === null ? null : read.whole("baseWidth"),
	};
}
