import type { ModelConfig } from "../../src/model/config.ts";
import type { OptimizerSpec } from "../../src/study/run-spec.ts";
import * as ops from "./ops.ts";

/** Tensors by Hugging Face's GPT-2 names without `transformer.`, flat and row-major, in the order of `parameterShapes`. */
export type Tensors = Record<string, Float64Array>;

/** Every parameter's name and shape; matrices are [in, out]. `lm_head.weight` exists only when the head is untied. */
export function parameterShapes(config: ModelConfig): Record<string, number[]> {
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

type LayerNormed = ReturnType<typeof ops.layerNorm>;

/** What one layer computes, in order. */
export interface LayerActivations {
	/** The residual stream coming in [M,C]. */
	x: Float64Array;
	ln1: LayerNormed;
	/** [M,3C]. */
	qkv: Float64Array;
	attention: ReturnType<typeof ops.attention>;
	/** The residual stream after attention [M,C]. */
	middle: Float64Array;
	ln2: LayerNormed;
	/** Before and after GELU [M,4C]. */
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
	lnF: LayerNormed;
	head: ReturnType<typeof ops.head>;
}

const sum = (a: Float64Array, b: Float64Array) => a.map((value, i) => value + b[i]!);
const headName = (config: ModelConfig) => (config.tied ? "wte.weight" : "lm_head.weight");

/**
 * The whole model: x = embedding; per layer x += attn(ln_1(x)), x += mlp(ln_2(x)); logits = ln_f(x)·lm_headᵀ.
 * tokens[B,T] and targets[B,T], T = config.context.
 */
export function forward(config: ModelConfig, params: Tensors, tokens: ops.Numbers, targets: ops.Numbers): Activations {
	const { context, width, heads } = config;
	const p = (name: string) => params[name]!;
	const norm = (x: Float64Array, name: string) => ops.layerNorm(x, p(`${name}.weight`), p(`${name}.bias`));
	const linear = (x: Float64Array, name: string) => ops.linear(x, p(`${name}.weight`), p(`${name}.bias`));
	let x = ops.embedding(tokens, p("wte.weight"), p("wpe.weight"), width);
	const layers: LayerActivations[] = [];
	for (let l = 0; l < config.layers; l++) {
		const ln1 = norm(x, `h.${l}.ln_1`);
		const qkv = linear(ln1.y, `h.${l}.attn.c_attn`);
		const attention = ops.attention(qkv, context, width, heads);
		const middle = sum(x, linear(attention.o, `h.${l}.attn.c_proj`));
		const ln2 = norm(middle, `h.${l}.ln_2`);
		const u = linear(ln2.y, `h.${l}.mlp.c_fc`);
		const hidden = ops.gelu(u);
		layers.push({ x, ln1, qkv, attention, middle, ln2, u, hidden });
		x = sum(middle, linear(hidden, `h.${l}.mlp.c_proj`));
	}
	const lnF = norm(x, "ln_f");
	const head = ops.head(lnF.y, p(headName(config)), targets);
	const loss = head.loss.reduce((total, value) => total + value, 0) / targets.length;
	return { loss, layers, x, lnF, head };
}

/** Gradients of the mean loss by parameter name, from the activations that `forward` gave for the same arguments. */
export function backward(
	config: ModelConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
	activations: Activations,
): Tensors {
	const { vocabulary, context, width, heads } = config;
	const p = (name: string) => params[name]!;
	const grads: Tensors = {};
	for (const name of Object.keys(parameterShapes(config))) grads[name] = new Float64Array(p(name).length);
	const norm = (dy: Float64Array, x: Float64Array, { mean, rstd }: LayerNormed, name: string) => {
		const { dx, dgamma, dbeta } = ops.layerNormBackward(dy, x, p(`${name}.weight`), mean, rstd);
		grads[`${name}.weight`] = dgamma;
		grads[`${name}.bias`] = dbeta;
		return dx;
	};
	const linear = (dy: Float64Array, x: Float64Array, name: string) => {
		const { dx, dw, db } = ops.linearBackward(dy, x, p(`${name}.weight`), p(`${name}.bias`).length);
		grads[`${name}.weight`] = dw;
		grads[`${name}.bias`] = db;
		return dx;
	};
	const { lnF, head } = activations;
	const output = ops.headBackward(lnF.y, p(headName(config)), targets, head.lse);
	let dx = norm(output.dx, activations.x, lnF, "ln_f");
	for (let l = config.layers - 1; l >= 0; l--) {
		const { x, ln1, qkv, attention, middle, ln2, u, hidden } = activations.layers[l]!;
		const dhidden = linear(dx, hidden, `h.${l}.mlp.c_proj`);
		const dln2 = linear(ops.geluBackward(dhidden, u), ln2.y, `h.${l}.mlp.c_fc`);
		const dmiddle = sum(dx, norm(dln2, middle, ln2, `h.${l}.ln_2`));
		const dout = linear(dmiddle, attention.o, `h.${l}.attn.c_proj`);
		const dqkv = ops.attentionBackward(dout, qkv, attention.o, attention.lse, context, width, heads);
		const dln1 = linear(dqkv, ln1.y, `h.${l}.attn.c_attn`);
		dx = sum(dmiddle, norm(dln1, x, ln1, `h.${l}.ln_1`));
	}
	const { dwte, dwpe } = ops.embeddingBackward(dx, tokens, vocabulary, context);
	grads["wte.weight"] = config.tied ? sum(dwte, output.dw) : dwte;
	grads["wpe.weight"] = dwpe;
	if (!config.tied) grads["lm_head.weight"] = output.dw;
	return grads;
}

/** AdamW's moments and how many steps have been taken. */
export interface OptimizerState {
	step: number;
	m: Tensors;
	v: Tensors;
}

/** Zero moments before the first step. */
export function optimizerState(params: Tensors): OptimizerState {
	const zeros = () =>
		Object.fromEntries(Object.entries(params).map(([name, values]) => [name, new Float64Array(values.length)]));
	return { step: 0, m: zeros(), v: zeros() };
}

/**
 * One optimiser step in place: forward, backward, clip by the global norm, AdamW with weight decay on tensors of two or more
 * dimensions. Returns the loss and the gradients before the update, and their norm before clipping (`grads` are unclipped).
 */
export function trainStep(
	config: ModelConfig,
	params: Tensors,
	state: OptimizerState,
	tokens: ops.Numbers,
	targets: ops.Numbers,
	optimizer: OptimizerSpec,
): { loss: number; gradientNorm: number; grads: Tensors } {
	const activations = forward(config, params, tokens, targets);
	const grads = backward(config, params, tokens, targets, activations);
	const norm = ops.gradientNorm(Object.values(grads));
	const scale = ops.clipScale(norm, optimizer.clip);
	state.step++;
	for (const [name, shape] of Object.entries(parameterShapes(config))) {
		const clipped = grads[name]!.map((value) => value * scale);
		const settings = { ...optimizer, weightDecay: shape.length >= 2 ? optimizer.weightDecay : 0 };
		ops.adamw(params[name]!, clipped, state.m[name]!, state.v[name]!, state.step, settings);
	}
	return { loss: activations.loss, gradientNorm: norm, grads };
}
