import { padded4 } from "../maths/padding.ts";
import { ACTIVATIONS, NORMS } from "./choices.ts";
import type { ModelConfig, TransformerConfig } from "./config.ts";
import { lstmDeviation, lstmShapes } from "./lstm.ts";
import type { ParameterShape } from "./parameter-shape.ts";
import { hiddenDeviation, hiddenRate } from "./parametrization.ts";

/** Entries of queries, keys and values together. */
export function qkvSize({ heads, keyValueHeads, headSize }: TransformerConfig): number {
	return (heads + 2 * keyValueHeads) * headSize;
}

/** Outputs of the feed-forward layer's first matrix; a SwiGLU has the gate's, then those of the projection that it gates. */
export function feedForwardSize({ hidden, activation }: TransformerConfig): number {
	return ACTIVATIONS[activation].gated ? 2 * hidden : hidden;
}

/** Initial deviation of a transformer's embeddings and of a head of its own, as in GPT-2. */
const DEVIATION = 0.02;

/** Every trained tensor in order; matrices are [inputs, outputs]. */
export function parameterShapes(config: ModelConfig): ParameterShape[] {
	const { vocabulary, width, tied } = config;
	const deviation = config.architecture === "lstm" ? lstmDeviation(config) : DEVIATION;
	const vocabularyMatrix = (name: string): ParameterShape => ({
		...{ name, shape: [vocabulary, width], init: { deviation }, decay: true, rate: 1 },
	});
	return [
		vocabularyMatrix("wte.weight"),
		...(config.architecture === "lstm" ? lstmShapes(config) : transformerShapes(config)),
		...(tied ? [] : [vocabularyMatrix("lm_head.weight")]),
	];
}

/**
 * A transformer's tensors between token embedding and head. The columns of c_attn are queries, keys and values; those of
 * a SwiGLU's c_fc are the gate and the projection that it gates. Initialized as GPT-2: normal(0, 0.02), the two projections into the
 * residual stream by 0.02/√(2·layers) (Radford et al. 2019, section 2.3), gains 1, biases 0; for μP see
 * `parametrization.ts`.
 */
function transformerShapes(config: TransformerConfig): ParameterShape[] {
	const { context, width, layers, heads, keyValueHeads, headSize, hidden, norm, activation, biases } = config;
	const inside = DEVIATION * hiddenDeviation(config);
	const residual = inside / Math.sqrt(2 * Math.max(1, layers));
	const shapes: ParameterShape[] = [];
	const vector = (name: string, length: number, constant: number) =>
		shapes.push({ name, shape: [length], init: { constant }, decay: false, rate: 1 });
	const normTensors = (name: string) => {
		if (NORMS[norm]) vector(`${name}.weight`, width, 1);
		if (NORMS[norm]?.mayHaveBiases && biases) vector(`${name}.bias`, width, 0);
	};
	const linear = (name: string, inputs: number, maps: number[], deviation = inside) => {
		const outputs = maps.reduce((a, b) => a + b);
		const rate = hiddenRate(config);
		shapes.push({ name: `${name}.weight`, shape: [inputs, outputs], init: { deviation }, decay: true, rate, maps });
		if (biases) vector(`${name}.bias`, outputs, 0);
	};
	const [queries, keys] = [heads * headSize, keyValueHeads * headSize];
	if (config.positions === "learned")
		shapes.push({
			...{ name: "wpe.weight", shape: [context, width], init: { deviation: DEVIATION }, decay: true, rate: 1 },
		});
	for (let layer = 0; layer < layers; layer++) {
		normTensors(`h.${layer}.ln_1`);
		linear(`h.${layer}.attn.c_attn`, width, [queries, keys, keys]);
		if (config.qkNorm) {
			vector(`h.${layer}.attn.q_norm.weight`, headSize, 1);
			vector(`h.${layer}.attn.k_norm.weight`, headSize, 1);
		}
		linear(`h.${layer}.attn.c_proj`, queries, [width], residual);
		normTensors(`h.${layer}.ln_2`);
		linear(`h.${layer}.mlp.c_fc`, width, ACTIVATIONS[activation].gated ? [hidden, hidden] : [hidden]);
		linear(`h.${layer}.mlp.c_proj`, hidden, [width], residual);
	}
	normTensors("ln_f");
	return shapes;
}

/** Matrices of the vocabulary and of positions, which the kernels hold transposed. */
const TURNED = ["wte.weight", "lm_head.weight", "wpe.weight"];

/**
 * A tensor's shape as the kernels hold it: unchanged, except [width, vocabulary'] for the vocabulary's matrices, padded with
 * zeros to a multiple of 4, and [width, context] for learned positions.
 */
export function storedShape({ name, shape }: Pick<ParameterShape, "name" | "shape">): readonly number[] {
	if (!TURNED.includes(name)) return shape;
	const [rows, width] = shape as [number, number];
	return [width, name === "wpe.weight" ? rows : padded4(rows)];
}

/** A tensor's values in the kernels' order, from the order of its `shape`. */
export function toStored(
	tensor: Pick<ParameterShape, "name" | "shape">,
	values: Float32Array,
): Float32Array<ArrayBuffer> {
	if (!TURNED.includes(tensor.name)) return Float32Array.from(values);
	const [rows, width] = tensor.shape as [number, number];
	const across = storedShape(tensor)[1]!;
	const out = new Float32Array(width * across);
	for (let row = 0; row < rows; row++) for (let k = 0; k < width; k++) out[k * across + row] = values[row * width + k]!;
	return out;
}

/** A tensor's values in the order of its `shape`, from the kernels' order. */
export function fromStored(
	tensor: Pick<ParameterShape, "name" | "shape">,
	values: Float32Array,
): Float32Array<ArrayBuffer> {
	if (!TURNED.includes(tensor.name)) return Float32Array.from(values);
	const [rows, width] = tensor.shape as [number, number];
	const across = storedShape(tensor)[1]!;
	const out = new Float32Array(rows * width);
	for (let row = 0; row < rows; row++) for (let k = 0; k < width; k++) out[row * width + k] = values[k * across + row]!;
	return out;
}
