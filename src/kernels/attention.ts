import rotaryCode from "../../shaders/rotary.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type Variants, variantOf } from "../gpu/variants.ts";
import { padded4 } from "../maths/padding.ts";
import { ATTENTION, attentionPlan } from "./attention-variants.ts";
import { constantsHeader } from "./constants.ts";
import { enableHalf } from "./stored.ts";

/** Sizes that do not follow from the tensors' shapes. */
export interface AttentionShape {
	sequences: number;
	/** Tokens per sequence. */
	context: number;
	/** Numbers of query heads, and of key and value heads; the latter divides the former. */
	heads: number;
	keyValueHeads: number;
	headSize: number;
	/** Factor of the products of queries and keys. */
	scale: number;
}

const LOADED = ["qkv", "o", "lse", "d_o", "delta", "dqkv", "turns"];
const STORED = ["o", "lse", "delta", "dqkv"];

/** WGSL that reads and writes four positions, together or one by one. */
function access(aligned: boolean, qkv: Tensor, rotary: boolean): string {
	const [full, half] = aligned ? ["vec4f", "vec4h"] : ["f32", "f16"];
	const load = (name: string) =>
		aligned
			? `fn load_${name}(at: u32) -> vec4f { return vec4f(${name}[at]); }`
			: `fn load_${name}(at: u32) -> vec4f { return vec4f(${[0, 1, 2, 3].map((i) => `f32(${name}[at + ${i}u])`)}); }`;
	const store = (name: string) =>
		aligned
			? `fn store_${name}(at: u32, value: vec4f, count: u32) { if (count > 0u) { ${name}[at] = value; } }`
			: `fn store_${name}(at: u32, value: vec4f, count: u32) {
	for (var i = 0u; i < min(count, 4u); i += 1u) { ${name}[at + i] = value[i]; }
}`;
	return [
		enableHalf(qkv),
		`alias QkvEntry = ${qkv.half ? half : full};`,
		`alias Entry = ${full};\nconst UNIT = ${aligned ? 4 : 1}u;\nconst STEP = ${aligned ? 1 : 4}u;`,
		...LOADED.filter((name) => rotary || name !== "turns").map(load),
		...STORED.map(store),
	].join("\n");
}

// What rotary.wgsl has for models with rotary positions.
const UNTURNED = `fn turned_back(a: vec4f, b: vec4f, d: u32, token: u32) -> Turned { return Turned(a, b); }
fn turn_back(dqkv_at: u32, token: u32, count: u32) {}`;

function dispatch(
	entryPoint: string,
	shape: AttentionShape,
	tensors: { qkv: Tensor; turns?: Tensor | undefined } & Record<string, Tensor | undefined>,
	variants: Variants,
): DispatchSpec {
	const { sequences, context, heads, keyValueHeads, headSize, scale } = shape;
	const [runs] = tensors.qkv.shape as [number];
	const tokens = padded4(sequences * context);
	const qkv = [runs, (heads + 2 * keyValueHeads) * headSize, tokens];
	const [o, lse] = [
		[runs, heads * headSize, tokens],
		[runs, heads, tokens],
	];
	const shapes: Record<string, number[]> = { qkv, dqkv: qkv, o, d_o: o, lse, delta: lse, turns: [1, headSize, tokens] };
	if (heads % keyValueHeads !== 0)
		throw new RangeError(
			`attention: heads is ${heads}, keyValueHeads is ${keyValueHeads}; the latter must divide the former`,
		);
	for (const [name, tensor] of Object.entries(tensors))
		if (tensor && `${tensor.shape}` !== `${shapes[name]}`)
			throw new RangeError(
				`attention: ${name} is [${tensor.shape}]; for ${sequences} sequences of ${context} tokens, ${heads} and ` +
					`${keyValueHeads} heads of ${headSize} it must be [${shapes[name]}]`,
			);
	const aligned = context % 4 === 0;
	const unit = aligned ? 4 : 1;
	const plan = attentionPlan(variantOf(ATTENTION, variants), context, headSize);
	const rotary = tensors.turns !== undefined;
	const header = [
		plan.header,
		constantsHeader({ SHARED: heads / keyValueHeads }),
		access(aligned, tensors.qkv, rotary),
		rotary ? `@group(0) @binding(7) var<storage, read> turns: array<Entry>;\n${rotaryCode}` : UNTURNED,
	].join("\n");
	const groups = Math.ceil(context / plan.positions) * Math.ceil(sequences / plan.sequences);
	return {
		kernel: { shader: plan.shader, entryPoint, header, subgroup: plan.subgroup },
		bindings: Object.fromEntries(Object.entries(tensors).filter((t): t is [string, Tensor] => t[1] !== undefined)),
		sizes: {
			...{ context, heads, key_heads: keyValueHeads, head_size: headSize, scale },
			...{ across: tokens / unit, sequence: context / unit, sequences },
		},
		grid: [groups, (entryPoint === "backward_key" ? keyValueHeads : heads) * plan.parts, runs],
		// Two products each over the causal half: scores and the weighted sum; dscores and dq; dk and dv.
		flops: 2 * heads * headSize * sequences * context * (context + 1),
	};
}

/**
 * Causal attention. qkv: [runs, (heads + 2·keyValueHeads)·headSize, tokens']; o: [runs, heads·headSize, tokens'];
 * lse: [runs, heads, tokens'].
 *
 * @throws RangeError when the shapes do not fit
 */
export function attention(
	shape: AttentionShape,
	t: { qkv: Tensor; o: Tensor; lse: Tensor },
	variants: Variants = {},
): DispatchSpec {
	return dispatch("forward", shape, { ...t }, variants);
}

/**
 * The q part of dqkv, and delta = do·o for `attentionBackwardKey`. If queries and keys were rotated by position, `turns` (see
 * `rotaryTable`) rotates their gradients back.
 */
export function attentionBackwardQuery(
	shape: AttentionShape,
	t: { qkv: Tensor; o: Tensor; lse: Tensor; d_o: Tensor; delta: Tensor; dqkv: Tensor; turns?: Tensor | undefined },
	variants: Variants = {},
): DispatchSpec {
	return dispatch("backward_query", shape, { ...t }, variants);
}

/** The k and v parts of dqkv. */
export function attentionBackwardKey(
	shape: AttentionShape,
	t: { qkv: Tensor; lse: Tensor; d_o: Tensor; delta: Tensor; dqkv: Tensor; turns?: Tensor | undefined },
	variants: Variants = {},
): DispatchSpec {
	return dispatch("backward_key", shape, { ...t }, variants);
}
