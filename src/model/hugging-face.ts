import type { ModelConfig, TransformerConfig } from "../architecture/config.ts";
import type { ParameterShape } from "../architecture/parameter-shape.ts";
import { parameterShapes } from "../architecture/parameters.ts";
import { attentionScale, outputMultiplier } from "../architecture/parametrization.ts";

/**
 * Naming schemes for tensors. `gpt2`: GPT-2's names, which are ours with the prefix "transformer."; matrices are
 * [inputs, outputs]. `llama`, for models with SwiGLU: Llama's names, with Qwen3's for a QK norm; matrices are
 * [outputs, inputs], and two of our combined matrices are split: queries, keys and values; SwiGLU's gate and up projection.
 */
export type Naming = "gpt2" | "llama";

/** A Hugging Face tensor as part of one of ours: a range of its columns, possibly transposed. */
export interface NamedPart {
	name: string;
	/** Hugging Face's shape. */
	shape: number[];
	/** Our tensor that contains it. */
	of: ParameterShape;
	/** Its first index on the last axis of our tensor. */
	begin: number;
	transposed: boolean;
}

/** All tensors of a model under Hugging Face's names; an LSTM's, for which it has none, under ours. */
export function namedParts(config: ModelConfig, naming: Naming): NamedPart[] {
	return parameterShapes(config).flatMap((of): NamedPart[] => {
		const whole = { of, begin: 0, transposed: false };
		if (config.architecture === "lstm" || of.name === "lm_head.weight")
			return [{ ...whole, name: of.name, shape: [...of.shape] }];
		if (naming === "gpt2") return [{ ...whole, name: `transformer.${of.name}`, shape: [...of.shape] }];
		const isLinear = /\.(c_attn|c_proj|c_fc)\.weight$/.test(of.name);
		let begin = 0;
		return llamaNames(config, of.name).map(([name, columns = of.shape.at(-1)!]) => {
			const shape = isLinear ? [columns, of.shape[0]!] : [...of.shape.slice(0, -1), columns];
			const part = { name, shape, of, begin, transposed: isLinear };
			begin += columns;
			return part;
		});
	});
}

/** Llama's names for the parts of one of our tensors, in order, with their numbers of columns (default: all). */
function llamaNames(config: TransformerConfig, name: string): [name: string, columns?: number][] {
	const { heads, keyValueHeads, headSize, hidden } = config;
	const whole: Record<string, string> = {
		wte: "model.embed_tokens",
		ln_f: "model.norm",
		ln_1: "input_layernorm",
		ln_2: "post_attention_layernorm",
		"attn.q_norm": "self_attn.q_norm",
		"attn.k_norm": "self_attn.k_norm",
		"attn.c_proj": "self_attn.o_proj",
		"mlp.c_proj": "mlp.down_proj",
	};
	const split: Record<string, [string, number][]> = {
		"attn.c_attn": [
			["self_attn.q_proj", heads * headSize],
			["self_attn.k_proj", keyValueHeads * headSize],
			["self_attn.v_proj", keyValueHeads * headSize],
		],
		"mlp.c_fc": [
			["mlp.gate_proj", hidden],
			["mlp.up_proj", hidden],
		],
	};
	const [, layer, stem, kind] = /^(?:h\.(\d+)\.)?(.*)\.(weight|bias)$/.exec(name)!;
	const place = layer === undefined ? "" : `model.layers.${layer}.`;
	const parts = split[stem!] ?? [[whole[stem!]!] as [string]];
	return parts.map(([part, columns]) => [`${place}${part}.${kind}`, columns]);
}

/** Converts our tensors to Hugging Face's, by name. */
export function toHuggingFace(
	config: ModelConfig,
	naming: Naming,
	tensors: ReadonlyMap<string, Float32Array>,
): Map<string, { shape: number[]; data: Float32Array<ArrayBuffer> }> {
	const parts = namedParts(config, naming).map((part) => {
		const source = tensors.get(part.of.name)!;
		const data = new Float32Array(part.shape.reduce((product, axis) => product * axis, 1));
		forEachEntry(part, (theirs, ours) => {
			data[theirs] = source[ours]!;
		});
		return [part.name, { shape: part.shape, data }] as const;
	});
	return new Map(parts);
}

/**
 * Converts Hugging Face's tensors to ours.
 *
 * @param find returns a tensor's values by name, after checking its shape
 */
export function fromHuggingFace(
	config: ModelConfig,
	naming: Naming,
	find: (name: string, shape: readonly number[]) => ArrayLike<number>,
): Map<string, Float32Array<ArrayBuffer>> {
	const tensors = new Map<string, Float32Array<ArrayBuffer>>();
	for (const part of namedParts(config, naming)) {
		const { name, shape } = part.of;
		const target = tensors.get(name) ?? new Float32Array(shape.reduce((product, axis) => product * axis, 1));
		tensors.set(name, target);
		const source = find(part.name, part.shape);
		forEachEntry(part, (theirs, ours) => {
			target[ours] = source[theirs]!;
		});
	}
	return tensors;
}

/** Visits every entry of a part, with its index in Hugging Face's tensor and in ours. */
function forEachEntry(
	{ shape, of, begin, transposed }: NamedPart,
	visit: (theirs: number, ours: number) => void,
): void {
	const [first, second] = shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
	const stride = of.shape.at(-1)!;
	for (let i = 0; i < first; i++)
		for (let j = 0; j < second; j++)
			visit(i * second + j, transposed ? j * stride + begin + i : i * stride + begin + j);
}

/**
 * Weights that give the same function without μP's multipliers: the output multiplier is folded into the last norm, the
 * multiplier of the attention scores into the queries.
 */
export function withoutMultipliers(
	config: TransformerConfig,
	tensors: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
	if (config.baseWidth === null) return tensors;
	const { heads, headSize } = config;
	const logits = outputMultiplier(config);
	const scores = attentionScale(config) * Math.sqrt(headSize);
	const scaled = [...tensors].map(([name, values]) => {
		if (name.startsWith("ln_f.")) return [name, values.map((value) => logits * value)] as const;
		if (config.qkNorm && name.endsWith(".q_norm.weight")) return [name, values.map((v) => scores * v)] as const;
		if (config.qkNorm || !name.includes(".c_attn.")) return [name, values] as const;
		const columns = (heads + 2 * config.keyValueHeads) * headSize;
		return [name, values.map((v, i) => (i % columns < heads * headSize ? scores * v : v))] as const;
	});
	return new Map(scaled);
}
