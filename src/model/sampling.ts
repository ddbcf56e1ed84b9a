import { randomKey, uniform } from "../maths/random.ts";
import type { Inference } from "./inference.ts";

export interface SamplingOptions {
	/** Divides the logits; at 0 the likeliest token is always chosen. */
	temperature: number;
	/** Number of likeliest tokens to draw from; Infinity for all. */
	topK: number;
	seed: number;
}

/**
 * Continues `prompt` indefinitely, token by token. When the context is full, the model continues from its last half.
 *
 * @param prompt ids, at least one
 */
export function* sampleTokens(
	model: Inference,
	prompt: readonly number[],
	options: SamplingOptions,
): Generator<number, never, void> {
	if (prompt.length === 0) throw new RangeError("the prompt has no tokens; it must have at least one");
	const { context } = model.config;
	const key = randomKey(options.seed, "sample");
	const tokens = [...prompt];
	let logits = read(model, tokens.slice(-context));
	for (let draw = 0; ; draw++) {
		const token = choose(logits, uniform(key, draw), options);
		tokens.push(token);
		yield token;
		logits = model.position < context ? model.next(token) : read(model, tokens.slice(-Math.ceil(context / 2)));
	}
}

function read(model: Inference, tokens: readonly number[]): Float64Array {
	model.reset();
	let logits = new Float64Array();
	for (const token of tokens) logits = model.next(token) as Float64Array<ArrayBuffer>;
	return logits;
}

/** The token at cumulative probability `share` (0 … 1), with tokens in descending order of their logits. */
export function choose(logits: Float64Array, share: number, { temperature, topK }: Omit<SamplingOptions, "seed">) {
	const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
	if (temperature === 0) return order[0]!;
	const kept = order.slice(0, topK);
	const weights = kept.map((token) => Math.exp((logits[token]! - logits[order[0]!]!) / temperature));
	let left = share * weights.reduce((sum, weight) => sum + weight, 0);
	for (const [i, weight] of weights.entries()) {
		left -= weight;
		if (left < 0) return kept[i]!;
	}
	return kept.at(-1)!;
}
