import type { LstmConfig } from "./config.ts";
import type { ParameterShape } from "./parameter-shape.ts";

/**
 * The classic LSTM language model (Jozefowicz et al. 2016; Kaplan et al. 2020, figure 7, compares transformers with such
 * models): embedding, `layers` LSTM layers, head; no norms, residual connections or projections. A layer is PyTorch's `nn.LSTM`
 * with one bias in place of two that are only ever added, x and h having `width` entries:
 *
 *     i, f, g, o = x_t·W_x + h_{t−1}·W_h + b      (in this order, `width` columns each)
 *     c_t = σ(f)·c_{t−1} + σ(i)·tanh(g)
 *     h_t = σ(o)·tanh(c_t)
 *
 * h_t is the layer's output. Both states are zero at the start of each sequence of `context` tokens. Without biases, forget gates
 * start half open instead.
 */
export const GATES = 4;

/** Initial biases of the gates i, f, g and o: forget gates start open (Gers et al. 2000; Jozefowicz et al. 2015). */
const GATE_BIASES = [0, 1, 0, 0] as const;

/**
 * Initial deviation of every matrix, the embedding's included: that of uniform numbers between ±1/√width, PyTorch's for an LSTM.
 * There are no norms, so embeddings as small as GPT-2's would make the first states small too, and losses fall later.
 */
export function lstmDeviation({ width }: Pick<LstmConfig, "width">): number {
	return 1 / Math.sqrt(3 * width);
}

/** The layers' tensors in order; matrices are [inputs, outputs]. */
export function lstmShapes(config: LstmConfig): ParameterShape[] {
	const { width, layers, biases } = config;
	const matrix = (name: string): ParameterShape => ({
		...{ name, shape: [width, GATES * width], init: { deviation: lstmDeviation(config) } },
		...{ decay: true, rate: 1, maps: Array(GATES).fill(width) },
	});
	const bias = (name: string): ParameterShape => ({
		...{ name, shape: [GATES * width], init: { constants: GATE_BIASES }, decay: false, rate: 1 },
	});
	return Array.from({ length: layers }, (_, layer) => [
		matrix(`h.${layer}.lstm.input.weight`),
		...(biases ? [bias(`h.${layer}.lstm.input.bias`)] : []),
		matrix(`h.${layer}.lstm.recurrent.weight`),
	]).flat();
}

/** Entries of a layer's two matrices. */
export function lstmWeights({ width }: Pick<LstmConfig, "width">): number {
	return 2 * GATES * width ** 2;
}

/**
 * Shapes, without the run axis, of what the layers' forward and backward pass stores; see `activationShapes`. `gates` holds i, f,
 * g and o before, then after their functions are applied; `before` is h_{t−1} of every token, and `carry` the gradient of
 * c_{t−1} by way of c_t.
 */
export function lstmActivations({ width }: LstmConfig, across: number) {
	const stream = [width, across];
	const gates = [GATES * width, across];
	return {
		block: { x: stream, gates, c: stream },
		shared: { x: stream, dx: stream, dgates: gates, before: stream, carry: stream },
	};
}
