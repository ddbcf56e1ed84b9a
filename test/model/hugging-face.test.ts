import { describe, expect, test } from "vitest";
import {
	type ModelConfig,
	type ModelShape,
	modelConfig,
	type TransformerConfig,
} from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { fromHuggingFace, namedParts, toHuggingFace, withoutMultipliers } from "../../src/model/hugging-face.ts";
import { fromConfigJson, kindOf, obstacles, toConfigJson } from "../../src/model/hugging-face-config.ts";
import { Inference } from "../../src/model/inference.ts";
import { initialValues } from "../../src/model/init.ts";

const shape: ModelShape = { vocabulary: 19, context: 7, width: 12, layers: 2, heads: 4 };
const llama = { norm: "rms", positions: "rotary", activation: "swiglu", biases: false } as const;
const withChoices = (choices: Partial<TransformerConfig>) =>
	modelConfig({ ...shape, ...(choices.positions === "rotary" && { headSize: 4 }), ...choices });
const weightsOf = (config: ModelConfig) =>
	new Map(parameterShapes(config).map((tensor) => [tensor.name, initialValues(tensor, 3)]));

const kinds: [string, Partial<TransformerConfig>][] = [
	["gpt2", {}],
	["gpt2", { tied: false, hidden: 20, activation: "relu2" }],
	["llama", { ...llama, keyValueHeads: 2 }],
	["llama", { ...llama, biases: true, tied: false, hidden: 20 }],
	["qwen3", { ...llama, qkNorm: true }],
	["isoflop", { positions: "rotary" }],
	["isoflop", { biases: false, norm: "none", positions: "none" }],
	["isoflop", { ...llama, qkNorm: true, biases: true }],
	["isoflop", { headSize: 2, keyValueHeads: 1 }],
];

describe.each(kinds)("%s for %j", (kind, choices) => {
	const config = withChoices(choices);

	test("is the kind, and config.json gives the model back", () => {
		expect(kindOf(config)).toBe(kind);
		expect(toConfigJson(config).model_type).toBe(kind);
		expect(fromConfigJson(JSON.parse(JSON.stringify(toConfigJson(config))))).toEqual(config);
	});

	test("tensors come back as they were", () => {
		const naming = kind === "llama" || kind === "qwen3" ? "llama" : "gpt2";
		const weights = weightsOf(config);
		const exported = toHuggingFace(config, naming, weights);
		expect([...exported.keys()]).toEqual(namedParts(config, naming).map(({ name }) => name));
		const back = fromHuggingFace(config, naming, (name, expected) => {
			expect(exported.get(name)!.shape).toEqual(expected);
			return exported.get(name)!.data;
		});
		expect(back).toEqual(weights);
	});
});

test("Llama's tensors: apart, and [outputs, inputs]", () => {
	const config = withChoices({ ...llama, keyValueHeads: 2, layers: 1, hidden: 20, tied: false });
	const weights = weightsOf(config);
	const exported = toHuggingFace(config, "llama", weights);
	expect(Object.fromEntries([...exported].map(([name, tensor]) => [name, tensor.shape]))).toEqual({
		"model.embed_tokens.weight": [19, 12],
		"model.layers.0.input_layernorm.weight": [12],
		"model.layers.0.self_attn.q_proj.weight": [16, 12],
		"model.layers.0.self_attn.k_proj.weight": [8, 12],
		"model.layers.0.self_attn.v_proj.weight": [8, 12],
		"model.layers.0.self_attn.o_proj.weight": [12, 16],
		"model.layers.0.post_attention_layernorm.weight": [12],
		"model.layers.0.mlp.gate_proj.weight": [20, 12],
		"model.layers.0.mlp.up_proj.weight": [20, 12],
		"model.layers.0.mlp.down_proj.weight": [12, 20],
		"model.norm.weight": [12],
		"lm_head.weight": [19, 12],
	});
	const ours = weights.get("h.0.attn.c_attn.weight")!;
	const keys = exported.get("model.layers.0.self_attn.k_proj.weight")!.data;
	// Output 5 of the keys, input 3: column 16 + 5 of 32, row 3.
	expect(keys[5 * 12 + 3]).toBe(ours[3 * 32 + 21]);
});

describe("the multipliers of μP", () => {
	test.each<Partial<TransformerConfig>>([{}, { ...llama, keyValueHeads: 2 }, { ...llama, qkNorm: true }])(
		"can be had in the weights: %j",
		(choices) => {
			const config = withChoices({ ...choices, baseWidth: 3 });
			const weights = weightsOf(config);
			const standard = { ...config, baseWidth: null };
			const [a, b] = [new Inference(config, weights), new Inference(standard, withoutMultipliers(config, weights))];
			const plain = new Inference(standard, weights);
			for (const token of [3, 1, 4, 1, 5]) {
				const [expected, logits] = [a.next(token), b.next(token)];
				const largest = Math.max(...expected.map(Math.abs));
				for (let i = 0; i < 19; i++) expect(Math.abs(logits[i]! - expected[i]!)).toBeLessThan(1e-6 * largest);
				expect(plain.next(token)).not.toEqual(expected);
			}
		},
	);
});

test("what keeps a model from being a GPT-2 or a Llama is named", () => {
	expect(obstacles(withChoices({ positions: "rotary" }))).toEqual({
		gpt2: ["learned positions", "heads as wide as the model together"],
		llama: ["RMS norm", "SwiGLU"],
		qwen3: ["RMS norm", "SwiGLU", "QK-norm", "no biases"],
	});
});

describe("a config.json that is not ours to compute", () => {
	const gpt2 = toConfigJson(withChoices({}));
	const llamas = toConfigJson(withChoices(llama));
	const qwen3 = toConfigJson(withChoices({ ...llama, qkNorm: true }));
	const own = toConfigJson(withChoices({ positions: "none" })) as { isoflop: object };
	test.each<[object, string]>([
		[{ model_type: "bert" }, 'model_type is "bert"; it must be one of "gpt2", "llama", "qwen3", "isoflop"'],
		[{ ...gpt2, n_embd: undefined }, "n_embd is missing; it must be a whole number from 1 to 65536, a multiple of 4"],
		[{ ...gpt2, n_embd: 13 }, "n_embd is 13; it must be a whole number from 1 to 65536, a multiple of 4"],
		[{ ...gpt2, n_layer: "2" }, 'n_layer is "2"; it must be a whole number from 1 to 65536'],
		[
			{ ...gpt2, activation_function: "gelu" },
			'activation_function is "gelu"; it must be "gelu_new" or "gelu_pytorch_tanh" or "relu2", which is what this engine computes',
		],
		[{ ...gpt2, scale_attn_by_inverse_layer_idx: true }, "scale_attn_by_inverse_layer_idx is true; it must be false"],
		[{ ...llamas, rms_norm_eps: 1e-6 }, "rms_norm_eps is 0.000001; it must be 0.00001"],
		[{ ...llamas, rms_norm_eps: undefined }, "rms_norm_eps is 0.000001; it must be 0.00001"],
		[{ ...llamas, rope_theta: 500_000 }, "rope_theta is 500000; it must be 10000"],
		[{ ...llamas, rope_scaling: { type: "linear" } }, 'rope_scaling is {"type":"linear"}; it must be null'],
		[
			{ ...llamas, rope_theta: undefined, rope_parameters: { rope_type: "default", rope_theta: 500_000 } },
			"rope_parameters.rope_theta is 500000; it must be 10000",
		],
		[
			{ ...llamas, rope_parameters: { rope_type: "llama3" } },
			'rope_parameters.rope_type is "llama3"; it must be "default"',
		],
		[{ ...llamas, rope_parameters: { factor: 8 } }, "rope_parameters.factor is 8; this engine does not know that key"],
		[
			{ ...llamas, rope_parameters: { full_attention: { rope_theta: 10_000 } } },
			'rope_parameters.full_attention is {"rope_theta":10000}; this engine does not know that key',
		],
		[{ ...llamas, rope_parameters: 1 }, "rope_parameters is 1; it must be an object"],
		[{ ...llamas, partial_rotary_factor: 0.5 }, "partial_rotary_factor is 0.5; it must be 1"],
		[{ ...llamas, sliding_window: 4 }, "sliding_window is 4; it must be null"],
		[{ ...qwen3, use_sliding_window: true, sliding_window: 4 }, "use_sliding_window is true; it must be false"],
		[
			{ ...qwen3, layer_types: ["sliding_attention", "full_attention"] },
			'layer_types is ["sliding_attention","full_attention"]; it must be "full_attention" for each of the 2 layers',
		],
		[
			{ ...qwen3, layer_types: ["full_attention"] },
			'layer_types is ["full_attention"]; it must be "full_attention" for',
		],
		[{ ...gpt2, add_cross_attention: true }, "add_cross_attention is true; it must be false"],
		[{ ...gpt2, pruned_heads: { 0: [1] } }, 'pruned_heads is {"0":[1]}; it must be empty'],
		[{ ...gpt2, quantization_config: { bits: 4 } }, 'quantization_config is {"bits":4}; it must be null'],
		[
			{ ...llamas, logits_scaling: 8 },
			"logits_scaling is 8; this engine does not know that key, which may change what the model computes; it must not be there",
		],
		[{ ...gpt2, rope_theta: 10_000 }, "rope_theta is 10000; this engine does not know that key"],
		[{ ...own, scale: 2 }, "scale is 2; this engine does not know that key"],
		[{ ...own, isoflop: { ...own.isoflop, depth: 2 } }, "isoflop.depth is 2; this engine does not know that key"],
		[{ ...llamas, mlp_bias: true }, "mlp_bias is true; it must be false"],
		[{ ...llamas, num_key_value_heads: 3 }, "there are 3 heads of keys; they must divide the 4 of queries"],
		[{ ...llamas, head_dim: 3 }, "heads have size 3; it must be even where positions are rotary"],
		[{ ...own, isoflop: { ...own.isoflop, norm: "batch" } }, 'isoflop.norm is "batch"; it must be "layer" or "rms"'],
		[{ ...own, isoflop: null }, "isoflop.vocabulary is missing; it must be a whole number from 1 to 65536"],
	])("%j", (json, message) => {
		expect(() => fromConfigJson(JSON.parse(JSON.stringify(json)))).toThrow(`config.json: ${message}`);
	});
});

describe("keys that are known and leave the model as it is", () => {
	const common = {
		...{
			_name_or_path: "x",
			transformers_version: "5.0.0",
			use_cache: true,
			dtype: "bfloat16",
			initializer_range: 0.02,
		},
		...{ pruned_heads: {}, is_encoder_decoder: false, quantization_config: null, max_length: 20 },
	};
	test.each<[string, TransformerConfig, object]>([
		[
			"GPT-2's own",
			withChoices({}),
			{
				...{ n_ctx: 7, summary_type: "cls_index", summary_first_dropout: 0.1, attn_pdrop: 0.1, n_inner: null },
				task_specific_params: { "text-generation": { do_sample: true, max_length: 50 } },
			},
		],
		[
			"Llama's of today",
			withChoices(llama),
			{
				rope_theta: undefined,
				rope_parameters: { rope_type: "default", rope_theta: 10_000 },
				...{ pretraining_tp: 1, attention_dropout: 0 },
			},
		],
		[
			"Qwen3's with a window that is off",
			withChoices({ ...llama, qkNorm: true }),
			{
				...{ use_sliding_window: false, sliding_window: 4, max_window_layers: 1 },
				layer_types: ["full_attention", "full_attention"],
			},
		],
	])("%s", (_, config, more) => {
		const json = {
			...toConfigJson(config),
			...(config.norm === "layer" && { n_inner: undefined }),
			...common,
			...more,
		};
		expect(fromConfigJson(JSON.parse(JSON.stringify(json)))).toEqual(config);
	});
});
