import type { LstmConfig } from "../../src/architecture/config.ts";
import { type LstmStates, lstm, lstmBackward } from "./lstm.ts";
import type { Tensors } from "./model.ts";
import * as ops from "./ops.ts";

/** Every parameter's name and shape; matrices are [in, out]. */
export function lstmShapes({ vocabulary, width, layers, biases, tied }: LstmConfig): Record<string, number[]> {
	const shapes: Record<string, number[]> = { "wte.weight": [vocabulary, width] };
	for (let l = 0; l < layers; l++) {
		shapes[`h.${l}.lstm.input.weight`] = [width, 4 * width];
		if (biases) shapes[`h.${l}.lstm.input.bias`] = [4 * width];
		shapes[`h.${l}.lstm.recurrent.weight`] = [width, 4 * width];
	}
	if (!tied) shapes["lm_head.weight"] = [vocabulary, width];
	return shapes;
}

/** What a forward pass computes: M = B·T rows. */
export interface Activations {
	/** Mean over the M tokens, in nats. */
	loss: number;
	/** Each layer's input [M,C] and states. */
	layers: { x: Float64Array; states: LstmStates }[];
	head: ReturnType<typeof ops.head>;
}

const headName = ({ tied }: LstmConfig) => (tied ? "wte.weight" : "lm_head.weight");

/** The whole model: x = embedding; per layer x = the h of an LSTM over x; logits = x·lm_headᵀ. tokens[B,T], targets[B,T]. */
export function forward(config: LstmConfig, params: Tensors, tokens: ops.Numbers, targets: ops.Numbers): Activations {
	const { context, width } = config;
	let x = ops.embedding(tokens, params["wte.weight"]!, new Float64Array(context * width), width);
	const layers: Activations["layers"] = [];
	for (let l = 0; l < config.layers; l++) {
		const bias = params[`h.${l}.lstm.input.bias`] ?? new Float64Array(4 * width);
		const inputs = ops.linear(x, params[`h.${l}.lstm.input.weight`]!, bias);
		const states = lstm(inputs, params[`h.${l}.lstm.recurrent.weight`]!, width, context);
		layers.push({ x, states });
		x = states.h;
	}
	const head = ops.head(x, params[headName(config)]!, targets);
	return { loss: head.loss.reduce((total, value) => total + value, 0) / targets.length, layers, head };
}

/** Gradients of the mean loss by parameter name, from the activations that `forward` gave for the same arguments. */
export function backward(
	config: LstmConfig,
	params: Tensors,
	tokens: ops.Numbers,
	targets: ops.Numbers,
	{ layers, head }: Activations,
): Tensors {
	const { vocabulary, context, width } = config;
	const grads: Tensors = {};
	const output =
		layers.at(-1)?.states.h ?? ops.embedding(tokens, params["wte.weight"]!, new Float64Array(context * width), width);
	const out = ops.headBackward(output, params[headName(config)]!, targets, head.lse);
	let dx = out.dx;
	for (let l = layers.length - 1; l >= 0; l--) {
		const { x, states } = layers[l]!;
		const recurrent = lstmBackward(dx, states, params[`h.${l}.lstm.recurrent.weight`]!, width, context);
		const input = ops.linearBackward(recurrent.dinputs, x, params[`h.${l}.lstm.input.weight`]!, 4 * width);
		grads[`h.${l}.lstm.recurrent.weight`] = recurrent.dw;
		grads[`h.${l}.lstm.input.weight`] = input.dw;
		if (config.biases) grads[`h.${l}.lstm.input.bias`] = input.db;
		dx = input.dx;
	}
	const { dwte } = ops.embeddingBackward(dx, tokens, vocabulary, context);
	grads["wte.weight"] = config.tied ? dwte.map((value, i) => value + out.dw[i]!) : dwte;
	if (!config.tied) grads["lm_head.weight"] = out.dw;
	return grads;
}
