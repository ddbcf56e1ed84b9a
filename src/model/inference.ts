import { ACTIVATIONS, type ActivationFunction, NORMS } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { feedForwardSize, parameterShapes, qkvSize } from "../architecture/parameters.ts";
import { attentionScale, outputMultiplier } from "../architecture/parametrization.ts";

/** Added to variances in norms, as in training. */
const EPSILON = 1e-5;
/** Base of the rotary wavelengths (Su et al. 2021, section 3.2.2). */
const THETA = 10_000;

/**
 * Inference on the CPU, one token at a time, with float32 weights and float64 arithmetic. Keys and values of earlier tokens
 * are cached, so each token costs about 2·N_T FLOP. Needs no GPU, so it also works during training.
 */
export class Inference {
	private readonly keys: Float64Array[];
	private readonly values: Float64Array[];
	private length = 0;

	/**
	 * @param weights by name, with the names and shapes of `parameterShapes`
	 * @throws RangeError when a tensor is missing or has the wrong size
	 */
	constructor(
		readonly config: ModelConfig,
		private readonly weights: ReadonlyMap<string, Float32Array>,
	) {
		for (const { name, shape } of parameterShapes(config)) {
			const entries = shape.reduce((product, axis) => product * axis, 1);
			const found = weights.get(name)?.length;
			if (found !== entries)
				throw new RangeError(
					`weights: ${name} ${found === undefined ? "is missing" : `has ${found} entries`}; it must be [${shape}]`,
				);
		}
		const { layers, context, keyValueHeads, headSize } = config;
		const cache = () => Array.from({ length: layers }, () => new Float64Array(context * keyValueHeads * headSize));
		this.keys = cache();
		this.values = cache();
	}

	/** Number of tokens processed since creation or the last reset. */
	get position(): number {
		return this.length;
	}

	/** Discards all tokens so far. */
	reset(): void {
		this.length = 0;
	}

	/**
	 * Feeds one token and returns the logits [vocabulary] of the next.
	 *
	 * @throws RangeError when the token is outside the vocabulary, or the context is full
	 */
	next(token: number): Float64Array {
		const { vocabulary, context, width, layers, positions } = this.config;
		if (!Number.isInteger(token) || token < 0 || token >= vocabulary)
			throw new RangeError(`token is ${token}; it must be a whole number below the vocabulary of ${vocabulary}`);
		if (this.length === context) throw new RangeError(`the context of ${context} tokens is full; reset forgets them`);
		const x = Float64Array.from(this.row("wte.weight", token));
		if (positions === "learned") add(x, this.row("wpe.weight", this.length));
		for (let layer = 0; layer < layers; layer++) {
			add(x, this.attention(this.norm(x, `h.${layer}.ln_1`), layer));
			add(x, this.feedForward(this.norm(x, `h.${layer}.ln_2`), layer));
		}
		this.length++;
		const final = this.norm(x, "ln_f");
		const head = this.weight(this.config.tied ? "wte.weight" : "lm_head.weight");
		const scale = outputMultiplier(this.config);
		return Float64Array.from({ length: vocabulary }, (_, id) => scale * dot(head, id * width, final, 0, width));
	}

	private attention(x: Float64Array, layer: number): Float64Array {
		const { heads, keyValueHeads, headSize, qkNorm } = this.config;
		const name = `h.${layer}.attn`;
		const qkv = this.linear(x, `${name}.c_attn`, qkvSize(this.config));
		const keysBegin = heads * headSize;
		const valuesBegin = keysBegin + keyValueHeads * headSize;
		for (let head = 0; head < heads + keyValueHeads; head++) {
			const vector = qkv.subarray(head * headSize, (head + 1) * headSize);
			if (qkNorm) gain(vector, rootMeanSquare(vector), this.weight(`${name}.${head < heads ? "q" : "k"}_norm.weight`));
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
		return this.linear(o, `${name}.c_proj`, this.config.width);
	}

	private feedForward(x: Float64Array, layer: number): Float64Array {
		const { hidden, width } = this.config;
		const activation = ACTIVATIONS[this.config.activation];
		const apply = FUNCTIONS[activation.function];
		const u = this.linear(x, `h.${layer}.mlp.c_fc`, feedForwardSize(this.config));
		const y = new Float64Array(hidden);
		for (let i = 0; i < hidden; i++) {
			const value = apply(u[i]!);
			y[i] = activation.gated ? value * u[hidden + i]! : value;
		}
		return this.linear(y, `h.${layer}.mlp.c_proj`, width);
	}

	/** x · w, plus the bias if the model has one; w is [inputs, outputs]. */
	private linear(x: Float64Array, name: string, outputs: number): Float64Array {
		const w = this.weight(`${name}.weight`);
		const bias = this.weights.get(`${name}.bias`);
		const y = bias ? Float64Array.from(bias) : new Float64Array(outputs);
		x.forEach((value, k) => {
			const begin = k * outputs;
			for (let n = 0; n < outputs; n++) y[n]! += value * w[begin + n]!;
		});
		return y;
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
		gain(y, rootMeanSquare(y), this.weight(`${name}.weight`));
		const bias = this.weights.get(`${name}.bias`);
		if (bias) add(y, bias);
		return y;
	}

	private weight(name: string): Float32Array {
		return this.weights.get(name)!;
	}

	private row(name: string, index: number): Float32Array {
		const { width } = this.config;
		return this.weight(name).subarray(index * width, (index + 1) * width);
	}
}

function add(x: Float64Array, y: ArrayLike<number>): void {
	for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}

function dot(a: ArrayLike<number>, aBegin: number, b: ArrayLike<number>, bBegin: number, length: number): number {
	let sum = 0;
	for (let i = 0; i < length; i++) sum += a[aBegin + i]! * b[bBegin + i]!;
	return sum;
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
