import type { ModelConfig } from "../architecture/config.ts";
import { outputMultiplier } from "../architecture/parametrization.ts";
import { dot, type LayersInference, Weights } from "./inference-weights.ts";
import { LstmInference } from "./lstm-inference.ts";
import { TransformerInference } from "./transformer-inference.ts";

/**
 * Inference on the CPU, one token at a time, with float32 weights and float64 arithmetic. What the layers need of earlier tokens
 * is kept, so each token costs about 2·N_T FLOP. Needs no GPU, so it also works during training.
 */
export class Inference {
	private readonly weights: Weights;
	private readonly layers: LayersInference;
	private length = 0;

	/**
	 * @param weights by name, with the names and shapes of `parameterShapes`
	 * @throws RangeError when a tensor is missing or has the wrong size
	 */
	constructor(
		readonly config: ModelConfig,
		weights: ReadonlyMap<string, Float32Array>,
	) {
		this.weights = new Weights(config, weights);
		this.layers =
			config.architecture === "lstm"
				? new LstmInference(config, this.weights)
				: new TransformerInference(config, this.weights);
	}

	/** Number of tokens processed since creation or the last reset. */
	get position(): number {
		return this.length;
	}

	/** Discards all tokens so far. */
	reset(): void {
		this.length = 0;
		this.layers.reset();
	}

	/**
	 * Feeds one token and returns the logits [vocabulary] of the next.
	 *
	 * @throws RangeError when the token is outside the vocabulary, or the context is full
	 */
	next(token: number): Float64Array {
		const { vocabulary, context, width } = this.config;
		if (!Number.isInteger(token) || token < 0 || token >= vocabulary)
			throw new RangeError(`token is ${token}; it must be a whole number below the vocabulary of ${vocabulary}`);
		if (this.length === context) throw new RangeError(`the context of ${context} tokens is full; reset forgets them`);
		const final = this.layers.next(Float64Array.from(this.weights.row("wte.weight", token, width)));
		this.length++;
		const head = this.weights.get(this.config.tied ? "wte.weight" : "lm_head.weight");
		const scale = outputMultiplier(this.config);
		return Float64Array.from({ length: vocabulary }, (_, id) => scale * dot(head, id * width, final, 0, width));
	}
}
