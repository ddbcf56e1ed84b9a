import type { TransformerConfig } from "../../src/architecture/config.ts";
import type { Tensors } from "./model.ts";
import * as ops from "./ops.ts";

/** Every parameter's name and shape; matrices are [in, out]. `lm_head.weight` exists only when the head is untied. */
export function transformerShapes(config: TransformerConfig): Record<string, number[]> {
	const { vocabulary, context, width, layers, heads, keyValueHeads, headSize, hidden, tied } = config;
	const shapes: Record<string, number[]> = { "wte.weight": [vocabulary, width] };
	if (config.positions === "learned") shapes["wpe.weight"] = [context, width];
	const norm = (name: string) => {
		if (config.norm === "none") return;
		shapes[`${name}.weight`] = [width];
		if (config.norm === "layer" && config.biases) shapes[`${name}.bias`] = [width];
	};
	const linear = (name: string, inputs: number, outputs: number) => {
		shapes[`${name}.weight`] = [inputs, outputs];
		if (config.biases) shapes[`${name}.bias`] = [outputs];
	};
	for (let l = 0; l < layers; l++) {
		norm(`h.${l}.ln_1`);
		linear(`h.${l}.attn.c_attn`, width, (heads + keyValueHeads + keyValueHeads) * headSize);
		if (config.qkNorm) for (const part of ["q", "k"]) shapes[`h.${l}.attn.${part}_norm.weight`] = [headSize];
		linear(`h.${l}.attn.c_proj`, heads * headSize, width);
		norm(`h.${l}.ln_2`);
		linear(`h.${l}.mlp.c_fc`, width, config.activation === "swiglu" ? 2 * hidden : hidden);
		linear(`h.${l}.mlp.c_proj`, hidden, width);
	}
	norm("ln_f");
	if (!tied) shapes["lm_head.weight"] = [vocabulary, width];
	return shapes;
}

type Normed = ReturnType<typeof ops.layerNorm>;

/** What one layer computes, in order. */
export interface LayerActivations {
	/** The residual stream coming in [M,C]. */
	x: Float64Array;
	ln1: Normed;
	/** Queries, keys and values before and after QK-norm and rotation. */
	raw: Float64Array;
	qkv: Float64Array;
	attention: ReturnType<typeof ops.attention>;
	/** The residual stream after attention [M,C]. */
	middle: Float64Array;
	ln2: Normed;
	/** Before and after the activation function [M,F]. */
	u: Float64Array;
	hidden: Float64Array;
}

/** What a forward pass computes: M = B·T rows. */
export interface Activations {
	/** Mean over the M tokens, in nats. */
	loss: number;
	layers: LayerActivations[];
	/** The residual stream after the last layer [M,C]. */
	x: Float64Array;
	lnF: Normed;
	head: ReturnType<typeof ops.head>;
}

const sum = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + b[i]!);
const scaled = (a: Float64Array, factor: number) => a.map((value) => value * factor);
const headName = (config: TransformerConfig) => (config.tied ? "wte.weight" : "lm_head.weight");
/** Activation functions without a gate. */
const UNGATED = {
	gelu: { forward: ops.gelu, backward: ops.geluBackward },
	relu2: { forward: ops.relu2, backward: ops.relu2Backward },
};
/** Entries [begin, begin + length) of each row. */
const columns = (x: Float64Array, width: number, begin: number, length: number) =>
	Float64Array.from(
		{ length: (x.length / width) * length },
		(_, i) => x[Math.floor(i / length) * width + begin + (i % length)]!,
	);

/** What the operations are told of a model: the factors of muP (Yang et al. 2022, table 8) are written out here. */
function settings({ context, heads, keyValueHeads, headSize, baseWidth, width, positions }: TransformerConfig) {
	const scale = baseWidth === null ? headSize ** -0.5 : 1 / headSize;
	return {
		attention: { context, heads, keyValueHeads, headSize, scale },
		output: baseWidth === null ? 1 : baseWidth / width,
		turned: positions === "rotary" ? context : undefined,
	};
}

/**
 * The whole model: x = embedding; per layer x += attn(ln_1(x)), x += mlp(ln_2(x)); logits = ln_f(x)·lm_headᵀ.
 * tokens[B,T] and targets[B,T], T = config.context.
 */
export function forward(
	config: TransformerConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
): Activations {
	const { context, width, hidden: wide, activation } = config;
	const { attention: shape, output, turned } = settings(config);
	const p = (name: string) => params[name]!;
	const norm = (x: Float64Array, name: string): Normed => {
		if (config.norm === "none")
			return { y: Float64Array.from(x), mean: new Float64Array(0), rstd: new Float64Array(0) };
		if (config.norm === "rms") return ops.rmsNorm(x, p(`${name}.weight`));
		return ops.layerNorm(x, p(`${name}.weight`), params[`${name}.bias`] ?? new Float64Array(width));
	};
	const linear = (x: Float64Array, name: string) => {
		const outputs = transformerShapes(config)[`${name}.weight`]![1]!;
		return ops.linear(x, p(`${name}.weight`), params[`${name}.bias`] ?? new Float64Array(outputs));
	};
	const wpe = params["wpe.weight"] ?? new Float64Array(context * width);
	let x = ops.embedding(tokens, p("wte.weight"), wpe, width);
	const layers: LayerActivations[] = [];
	for (let l = 0; l < config.layers; l++) {
		const ln1 = norm(x, `h.${l}.ln_1`);
		const raw = linear(ln1.y, `h.${l}.attn.c_attn`);
		const { qkv } = ops.queryKey(raw, config, gainsOf(config, params, l), turned);
		const attention = ops.attention(qkv, shape);
		const middle = sum(x, linear(attention.o, `h.${l}.attn.c_proj`));
		const ln2 = norm(middle, `h.${l}.ln_2`);
		const u = linear(ln2.y, `h.${l}.mlp.c_fc`);
		const hidden =
			activation === "swiglu"
				? ops.gated(columns(u, 2 * wide, 0, wide), columns(u, 2 * wide, wide, wide))
				: UNGATED[activation].forward(u);
		layers.push({ x, ln1, raw, qkv, attention, middle, ln2, u, hidden });
		x = sum(middle, linear(hidden, `h.${l}.mlp.c_proj`));
	}
	const lnF = norm(x, "ln_f");
	const head = ops.head(scaled(lnF.y, output), p(headName(config)), targets);
	const loss = head.loss.reduce((total, value) => total + value, 0) / targets.length;
	return { loss, layers, x, lnF, head };
}

function gainsOf(config: TransformerConfig, params: Tensors, layer: number) {
	if (!config.qkNorm) return undefined;
	return { q: params[`h.${layer}.attn.q_norm.weight`]!, k: params[`h.${layer}.attn.k_norm.weight`]! };
}

/** Gradients of the mean loss by parameter name, from the activations that `forward` gave for the same arguments. */
export function backward(
	config: TransformerConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
	activations: Activations,
): Tensors {
	const { vocabulary, context, hidden: wide, activation } = config;
	const { attention: shape, output, turned } = settings(config);
	const p = (name: string) => params[name]!;
	const grads: Tensors = {};
	for (const name of Object.keys(transformerShapes(config))) grads[name] = new Float64Array(p(name).length);
	const norm = (dy: Float64Array, x: Float64Array, { mean, rstd }: Normed, name: string) => {
		if (config.norm === "none") return dy;
		if (config.norm === "rms") {
			const { dx, dgamma } = ops.rmsNormBackward(dy, x, p(`${name}.weight`), rstd);
			grads[`${name}.weight`] = dgamma;
			return dx;
		}
		const { dx, dgamma, dbeta } = ops.layerNormBackward(dy, x, p(`${name}.weight`), mean, rstd);
		grads[`${name}.weight`] = dgamma;
		if (config.biases) grads[`${name}.bias`] = dbeta;
		return dx;
	};
	const linear = (dy: Float64Array, x: Float64Array, name: string) => {
		const outputs = transformerShapes(config)[`${name}.weight`]![1]!;
		const { dx, dw, db } = ops.linearBackward(dy, x, p(`${name}.weight`), outputs);
		grads[`${name}.weight`] = dw;
		if (config.biases) grads[`${name}.bias`] = db;
		return dx;
	};
	const activate = (dy: Float64Array, u: Float64Array) => {
		if (activation !== "swiglu") return UNGATED[activation].backward(dy, u);
		const { dgate, dup } = ops.gatedBackward(dy, columns(u, 2 * wide, 0, wide), columns(u, 2 * wide, wide, wide));
		return Float64Array.from({ length: u.length }, (_, i) => {
			const [row, c] = [Math.floor(i / (2 * wide)), i % (2 * wide)];
			return c < wide ? dgate[row * wide + c]! : dup[row * wide + c - wide]!;
		});
	};
	const { lnF, head } = activations;
	const out = ops.headBackward(scaled(lnF.y, output), p(headName(config)), targets, head.lse);
	let dx = norm(scaled(out.dx, output), activations.x, lnF, "ln_f");
	for (let l = config.layers - 1; l >= 0; l--) {
		const { x, ln1, raw, qkv, attention, middle, ln2, u, hidden } = activations.layers[l]!;
		const dhidden = linear(dx, hidden, `h.${l}.mlp.c_proj`);
		const dln2 = linear(activate(dhidden, u), ln2.y, `h.${l}.mlp.c_fc`);
		const dmiddle = sum(dx, norm(dln2, middle, ln2, `h.${l}.ln_2`));
		const dout = linear(dmiddle, attention.o, `h.${l}.attn.c_proj`);
		const dqkv = ops.attentionBackward(dout, qkv, attention.o, attention.lse, shape);
		const { draw, dq, dk } = ops.queryKeyBackward(dqkv, raw, config, gainsOf(config, params, l), turned);
		if (config.qkNorm) {
			grads[`h.${l}.attn.q_norm.weight`] = dq;
			grads[`h.${l}.attn.k_norm.weight`] = dk;
		}
		const dln1 = linear(draw, ln1.y, `h.${l}.attn.c_attn`);
		dx = sum(dmiddle, norm(dln1, x, ln1, `h.${l}.ln_1`));
	}
	const { dwte, dwpe } = ops.embeddingBackward(dx, tokens, vocabulary, context);
	grads["wte.weight"] = config.tied ? sum(dwte, out.dw) : dwte;
	if (config.positions === "learned") grads["wpe.weight"] = dwpe;
	if (!config.tied) grads["lm_head.weight"] = out.dw;
	return grads;
}
