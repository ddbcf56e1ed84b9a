import type { TransformerConfig } from "../architecture/config.ts";

/** A training step to measure: a GPT-2 with a tied head, and one batch. */
export interface Workload {
	id: string;
	/** Display name. */
	title: string;
	model: Pick<TransformerConfig, "vocabulary" | "context" | "width" | "layers" | "heads">;
	sequences: number;
	/** Pack sizes measured by default. */
	packs: readonly number[];
	/**
	 * Losses of the first steps on the batch, nats per token, by PyTorch 1.13 in 32 bits from the same weights. A measurement
	 * is valid only if its losses agree.
	 */
	losses: readonly number[];
}

/** Every workload's optimizer settings: AdamW in PyTorch's order of operations, without clipping. */
export const HYPER = {
	learningRate: 1e-3,
	beta1: 0.9,
	beta2: 0.95,
	epsilon: 1e-8,
	weightDecay: 0.1,
	clip: 1e30,
};

const size = (vocabulary: number, context: number, width: number, layers: number, heads: number) => ({
	...{ vocabulary, context, width, layers, heads },
});

export const WORKLOADS: readonly Workload[] = [
	{
		...{ id: "toy", title: "launches are all", model: size(64, 8, 16, 1, 2), sequences: 4 },
		packs: [1, 4, 16],
		losses: [4.18622, 4.15015, 4.1152, 4.08246],
	},
	{
		...{ id: "W1", title: "GPT-2's vocabulary", model: size(50257, 16, 32, 2, 2), sequences: 64 },
		packs: [1, 4],
		losses: [10.82636, 10.76857, 10.7145, 10.66409],
	},
	{
		...{ id: "W1h", title: "GPT-2's vocabulary, half the batch", model: size(50257, 16, 32, 2, 2), sequences: 32 },
		packs: [1, 4],
		losses: [10.81883, 10.75177, 10.6932, 10.63962],
	},
	{
		...{ id: "W2", title: "small", model: size(512, 64, 64, 4, 4), sequences: 32 },
		packs: [1, 4],
		losses: [6.25384, 6.14418, 6.0726, 6.00616],
	},
	{
		...{ id: "W3", title: "larger", model: size(4096, 128, 128, 6, 4), sequences: 8 },
		packs: [1, 4],
		losses: [8.33729, 8.09739, 7.96953, 7.80979],
	},
];

/** A hash of a 32-bit number (lowbias32, Wellons 2018). */
function hash(value: number): number {
	let x = value >>> 0;
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}

/** `length` numbers uniform in [−bound, bound), the same for the same seed. */
export function uniformValues(length: number, seed: number, bound: number): Float32Array<ArrayBuffer> {
	const base = Math.imul(seed, 0x9e3779b1) >>> 0;
	return Float32Array.from({ length }, (_, i) => ((hash((i + base) >>> 0) / 2 ** 32) * 2 - 1) * bound);
}

/**
 * The batch of every step, [sequences, context + 1]: each id is five times the previous one plus 7, 8 or 9, modulo the
 * vocabulary size.
 */
export function batchIds({ model, sequences }: Workload): Uint32Array<ArrayBuffer> {
	const { vocabulary, context } = model;
	const ids = new Uint32Array(sequences * (context + 1));
	for (let b = 0; b < sequences; b++) {
		let id = hash(1000003 + b) % vocabulary;
		for (let t = 0; t <= context; t++) {
			ids[b * (context + 1) + t] = id;
			id = (id * 5 + 7 + (hash(77 + b * context + t) % 3)) % vocabulary;
		}
	}
	return ids;
}
