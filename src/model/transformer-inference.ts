import { ACTIVATIONS, type ActivationFunction, NORMS } from "../architecture/choices.ts";
import type { TransformerConfig } from "../architecture/config.ts";
import { feedForwardSize, qkvSize } from "../architecture/parameters.ts";
import { attentionScale } from "../architecture/parametrization.ts";
import { add, dot, type LayersInference, type Weights } from "./inference-weights.ts";

/** Added to variances in norms, as in training. */
const EPSILON = 1e-5;
/** Base of the rotary wavelengths (Su et al. 2021, section 3.2.2). */
const THETA = 10_000;

/** A transformer's blocks. Keys and values of earlier tokens are cached. */
export class TransformerInference implements LayersInference {
	private readonly keys: Float64Array[];
	private readonly values: Float64Array[];
	private length = 0;

	constructor(
		private readonly config: TransformerConfig,
		private readonly weights: Weights,
	) {
		const { layers, context, keyValueHeads, headSize } = config;
		const cache = () => Array.from({ length: layers }, () => new Float64Array(context * keyValueHeads * headSize));
		this.keys = cache();
		this.values = cache();
	}

	reset(): void {
		this.length = 0;
	}

	next(embedding: Float64Array): Float64Array {
		const { width, layers, positions } = this.config;
		const x = embedding.slice();
		if (positions === "learned") add(x, this.weights.row("wpe.weight", this.length, width));
		for (let layer = 0; layer < layers; layer++) {
			add(x, this.attention(this.norm(x, `h.${layer}.ln_1`), layer));
			add(x, this.feedForward(this.norm(x, `h.${layer}.ln_2`), layer));
		}
		this.length++;
		return this.norm(x, "ln_f");
	}

	private attention(x: Float64Array, layer: number): Float64Array {
		const { heads, keyValueHeads, headSize, qkNorm } = this.config;
		const name = `h.${layer}.attn`;
		const qkv = this.weights.linear(x, `${name}.c_attn`, qkvSize(this.config));
		const keysBegin = heads * headSize;
		const valuesBegin = keysBegin + keyValueHeads * headSize;
		for (let head = 0; head < heads + keyValueHeads; head++) {
			const vector = qkv.subarray(head * headSize, (head + 1) * headSize);
			if (qkNorm)
				gain(vector, rootMeanSquare(vector), this.weights.get(`${name}.${head < heads ? "q" : "k"}_norm.weight`));
			if (this.config.positions === "rotary") rotate(vector, this.length);
		}
		const stride = keyValueHeads * headSize;
		const keys = this.keys[layer]!;
		const values = this.values[layer]!;
		keys.set(qkv.subarray(keysBegin, valuesBegin), this.length * stride);
		values.set(qkv.subarray(valuesBegin), this.length * stride);
		const o = new Float64Array(heads * headSize);
		for (let head = 0; head < heads; head++) {
			const shared = Math.floor((head * keyValueHeads) / heads) * headSize;
			const scores = new Float64Array(this.length + 1);
			for (let t = 0; t <= this.length; t++) scores[t] = dot(keys, t * stride + shared, qkv, head * headSize, headSize);
			const weights = softmax(scores, attentionScale(this.config));
			for (let t = 0; t <= this.length; t++)
				for (let i = 0; i < headSize; i++) o[head * headSize + i]! += weights[t]! * values[t * stride + shared + i]!;
		}
		return this.weights.linear(o, `${name}.c_proj`, this.config.width);
	}

	private feedForward(x: Float64Array, layer: number): Float64Array {
		const { hidden, width } = this.config;
		const activation = ACTIVATIONS[this.config.activation];
		const apply = FUNCTIONS[activation.function];
		const u = this.weights.linear(x, `h.${layer}.mlp.c_fc`, feedForwardSize(this.config));
		const y = new Float64Array(hidden);
		for (let i = 0; i < hidden; i++) {
			const value = apply(u[i]!);
			y[i] = activation.gated ? value * u[hidden + i]! : value;
		}
		return this.weights.linear(y, `h.${layer}.mlp.c_proj`, width);
	}

	private norm(x: Float64Array, name: string): Float64Array {
		const { width } = this.config;
		const norm = NORMS[this.config.norm];
		const y = x.slice();
		if (!norm) return y;
		if (norm.centered) {
			const mean = y.reduce((sum, value) => sum + value, 0) / width;
			for (let i = 0; i < width; i++) y[i]! -= mean;
		}
		gain(y, rootMeanSquare(y), this.weights.get(`${name}.weight`));
		const bias = this.weights.bias(name);
		if (bias) add(y, bias);
		return y;
	}
}

function rootMeanSquare(x: Float64Array): number {
	return Math.sqrt(dot(x, 0, x, 0, x.length) / x.length + EPSILON);
}

/** Divides a vector by `root`, its root mean square, and multiplies each entry by its gain. */
function gain(x: Float64Array, root: number, gains: Float32Array): void {
	for (let i = 0; i < x.length; i++) x[i]! *= gains[i]! / root;
}

/** Rotates the pairs of entries i and i + size/2, as in Llama, by position · θ^(−2i/size). */
function rotate(x: Float64Array, position: number): void {
	const half = x.length / 2;
	for (let i = 0; i < half; i++) {
		const angle = position * THETA ** (-i / half);
		const [a, b] = [x[i]!, x[half + i]!];
		x[i] = a * Math.cos(angle) - b * Math.sin(angle);
		x[half + i] = b * Math.cos(angle) + a * Math.sin(angle);
	}
}

/** Softmax of scale · scores. */
function softmax(scores: Float64Array, scale: number): Float64Array {
	const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
	const weights = scores.map((score) => Math.exp(scale * (score - largest)));
	const sum = weights.reduce((a, b) => a + b, 0);
	return weights.map((weight) => weight / sum);
}

/** Activation functions, applied to a feed-forward layer's projection, or to its gate if it has one. */
const FUNCTIONS: Record<ActivationFunction, (x: number) => number> = {
	gelu,
	relu2: (x) => Math.max(0, x) ** 2,
	silu: (x) => x / (1 + Math.exp(-x)),
};

/** The tanh approximation of GELU (Hendrycks & Gimpel 2016). */
function gelu(x: number): number {
	return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}
