import type { LstmConfig } from "../architecture/config.ts";
import { GATES } from "../architecture/lstm.ts";
import { add, type LayersInference, type Weights } from "./inference-weights.ts";

/** LSTM layers, which remember earlier tokens in their states c and h. */
export class LstmInference implements LayersInference {
	private readonly states: { c: Float64Array; h: Float64Array }[];

	constructor(
		private readonly config: LstmConfig,
		private readonly weights: Weights,
	) {
		const { layers, width } = config;
		this.states = Array.from({ length: layers }, () => ({ c: new Float64Array(width), h: new Float64Array(width) }));
	}

	reset(): void {
		for (const { c, h } of this.states) {
			c.fill(0);
			h.fill(0);
		}
	}

	next(embedding: Float64Array): Float64Array {
		const { width } = this.config;
		return this.states.reduce((x, { c, h }, layer) => {
			const gates = this.weights.linear(x, `h.${layer}.lstm.input`, GATES * width);
			add(gates, this.weights.linear(h, `h.${layer}.lstm.recurrent`, GATES * width));
			for (let k = 0; k < width; k++) {
				const [i, f, g, o] = [gates[k]!, gates[width + k]!, gates[2 * width + k]!, gates[3 * width + k]!];
				c[k] = logistic(f) * c[k]! + logistic(i) * Math.tanh(g);
				h[k] = logistic(o) * Math.tanh(c[k]!);
			}
			return h;
		}, embedding);
	}
}

function logistic(x: number): number {
	return 1 / (1 + Math.exp(-x));
}
