import type { ModelConfig, TransformerConfig } from "../../src/architecture/config.ts";
import type { OptimizerSpec } from "../../src/run/optimizer-spec.ts";
import * as lstm from "./lstm-model.ts";
import * as ops from "./ops.ts";
import * as transformer from "./transformer-model.ts";

/** Tensors by our names, flat and row-major, in the order of `parameterShapes`. */
export type Tensors = Record<string, Float64Array>;

/** Every parameter's name and shape; matrices are [in, out]. `lm_head.weight` exists only when the head is untied. */
export function parameterShapes(config: ModelConfig): Record<string, number[]> {
	return config.architecture === "lstm" ? lstm.lstmShapes(config) : transformer.transformerShapes(config);
}

/** A transformer's activations are those of each layer too. */
export function forward(
	config: TransformerConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
): transformer.Activations;
/** The mean loss over the tokens, in nats, and what the head computes. tokens[B,T] and targets[B,T], T = config.context. */
export function forward(
	config: ModelConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
): { loss: number; head: ReturnType<typeof ops.head> };
export function forward(config: ModelConfig, params: Tensors, tokens: ops.Numbers, targets: ops.Numbers) {
	return config.architecture === "lstm"
		? lstm.forward(config, params, tokens, targets)
		: transformer.forward(config, params, tokens, targets);
}

/** The mean loss, and its gradients by parameter name. */
export function lossAndGradients(
	config: ModelConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
): { loss: number; grads: Tensors } {
	if (config.architecture === "lstm") {
		const activations = lstm.forward(config, params, tokens, targets);
		return { loss: activations.loss, grads: lstm.backward(config, params, tokens, targets, activations) };
	}
	const activations = transformer.forward(config, params, tokens, targets);
	return { loss: activations.loss, grads: transformer.backward(config, params, tokens, targets, activations) };
}

/** Matrices between residual stream and blocks: muP's hidden weights. */
const isInside = (name: string) => /\.(c_attn|c_proj|c_fc)\.weight$/.test(name);

const insideRate = (config: ModelConfig) =>
	config.architecture === "lstm" || config.baseWidth === null ? 1 : config.baseWidth / config.width;

/** The optimizer's moments and how many steps have been taken. */
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

/** Columns of the linear maps that stand side by side in a matrix inside the blocks, each of which Muon orthogonalizes. */
function mapsOf(config: ModelConfig, name: string, columns: number): number[] {
	if (config.architecture === "lstm") return Array(4).fill(columns / 4);
	const { heads, keyValueHeads, headSize, activation } = config;
	if (name.endsWith("c_attn.weight")) return [heads, keyValueHeads, keyValueHeads].map((each) => each * headSize);
	return activation === "swiglu" && name.endsWith("c_fc.weight") ? [columns / 2, columns / 2] : [columns];
}

/**
 * One optimizer step in place: forward, backward, clip by the global norm, then AdamW or Muon (which takes the matrices inside
 * the blocks and leaves the others to AdamW), with weight decay on tensors of two or more dimensions. Returns the loss and the gradients before the update, and their norm before clipping (`grads` are unclipped).
 */
export function trainStep(
	config: ModelConfig,
	params: Tensors,
	state: OptimizerState,
	tokens: ops.Numbers,
	targets: ops.Numbers,
	optimizer: OptimizerSpec,
): { loss: number; gradientNorm: number; grads: Tensors } {
	const { loss, grads } = lossAndGradients(config, params, tokens, targets);
	const norm = ops.gradientNorm(Object.values(grads));
	const scale = ops.clipScale(norm, optimizer.clip);
	state.step++;
	for (const [name, shape] of Object.entries(parameterShapes(config))) {
		const clipped = grads[name]!.map((value) => value * scale);
		const ratio = isInside(name) ? insideRate(config) : 1;
		const isMuon = optimizer.kind === "muon" && (isInside(name) || /\.lstm\.\w+\.weight$/.test(name));
		const rate = isMuon ? Math.sqrt(ratio) : ratio;
		const settings = {
			...optimizer,
			learningRate: optimizer.learningRate * rate,
			weightDecay: shape.length >= 2 ? optimizer.weightDecay : 0,
		};
		const [p, m, v] = [params[name]!, state.m[name]!, state.v[name]!];
		if (isMuon) ops.muon(p, clipped, m, v, { rows: shape[0]!, maps: mapsOf(config, name, shape[1]!) }, settings);
		else ops.adamw(p, clipped, m, v, state.step, settings);
	}
	return { loss, gradientNorm: norm, grads };
}
