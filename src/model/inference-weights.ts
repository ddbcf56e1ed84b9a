import type { ModelConfig } from "../architecture/config.ts";
import { parameterShapes } from "../architecture/parameters.ts";

/** A model's layers, one token at a time, with what they remember of earlier ones. */
export interface LayersInference {
	/** From a token's embedding to the input of the head. */
	next(embedding: Float64Array): Float64Array;
	/** Forgets all tokens so far. */
	reset(): void;
}

/** A model's weights by name, for inference on the CPU in float64. */
export class Weights {
	/**
	 * @param weights by name, with the names and shapes of `parameterShapes`
	 * @throws RangeError when a tensor is missing or has the wrong size
	 */
	constructor(
		config: ModelConfig,
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
	}

	/** A tensor that the model has. */
	get(name: string): Float32Array {
		return this.weights.get(name)!;
	}

	/** A bias that not every model has. */
	bias(name: string): Float32Array | undefined {
		return this.weights.get(`${name}.bias`);
	}

	/** Row `index` of a matrix. */
	row(name: string, index: number, width: number): Float32Array {
		return this.get(name).subarray(index * width, (index + 1) * width);
	}

	/** x · w, plus the bias if the model has one; w is [inputs, outputs]. */
	linear(x: Float64Array, name: string, outputs: number): Float64Array {
		const w = this.get(`${name}.weight`);
		const bias = this.bias(name);
		const y = bias ? Float64Array.from(bias) : new Float64Array(outputs);
		x.forEach((value, k) => {
			const begin = k * outputs;
			for (let n = 0; n < outputs; n++) y[n]! += value * w[begin + n]!;
		});
		return y;
	}
}

/** x += y. */
export function add(x: Float64Array, y: ArrayLike<number>): void {
	for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}

/** The product of `length` entries of each vector. */
export function dot(
	a: ArrayLike<number>,
	aBegin: number,
	b: ArrayLike<number>,
	bBegin: number,
	length: number,
): number {
	let sum = 0;
	for (let i = 0; i < length; i++) sum += a[aBegin + i]! * b[bBegin + i]!;
	return sum;
}
