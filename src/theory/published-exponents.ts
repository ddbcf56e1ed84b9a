import type { Convention } from "../architecture/flops.ts";
import {
	KAPLAN_LOSS_OF_FLOPS,
	KAPLAN_LOSS_OF_MINIMAL_FLOPS,
	KAPLAN_MINIMAL_SIZE,
	KAPLAN_MINIMAL_TOKENS,
	KAPLAN_SIZE,
	KAPLAN_SOURCE,
} from "./kaplan.ts";

/** A published number, and its interval if one was printed. */
export interface PublishedValue {
	estimate: number;
	interval?: { low: number; high: number; level: number };
}

export const HOFFMANN_SOURCE = "Hoffmann et al. 2022, arXiv:2203.15556";

/** Table 2 of Hoffmann et al. 2022: a of N* ∝ C^a and b of D* ∝ C^b, 10th to 90th percentile of 100 subsamples. */
export const HOFFMANN_EXPONENTS = {
	approach1: { allocation: between(0.5, 0.488, 0.502), tokens: between(0.5, 0.501, 0.512) },
	approach2: { allocation: between(0.49, 0.462, 0.534), tokens: between(0.51, 0.483, 0.529) },
	approach3: { allocation: between(0.46, 0.454, 0.455), tokens: between(0.54, 0.542, 0.543) },
};

function between(estimate: number, low: number, high: number) {
	return { estimate, interval: { low, high, level: 0.8 } };
}

/** Compute at which 67 billion parameters are optimal, FLOP (Hoffmann et al. 2022, tables 3 and A3). */
export const HOFFMANN_OPTIMA = {
	approach1: { flops: 5.76e23, parameters: 67e9 },
	approach2: { flops: 6.88e23, parameters: 67e9 },
};

/**
 * N* = parameters · C^a of Porian et al. 2024, arXiv:2406.19146: RefinedWeb, tuned hyperparameters, no learning rate decay.
 * N excludes the embeddings and includes the head. The values are from their repository.
 */
export const PORIAN_ALLOCATION = {
	parameters: 0.11892648397493802,
	estimate: 0.49689507817885203,
	interval: { low: 0.4906815956168365, high: 0.5045239562081141, level: 0.95 },
};

/**
 * k·N^p for AdamW's optimal learning rate and the optimal batch size in tokens: Porian et al.'s laws on RefinedWeb as
 * tabulated by Li et al. 2025 (arXiv:2503.04715), with N counted their way.
 */
export const PORIAN_HYPERPARAMETERS = {
	learningRate: { coefficient: 3.7, exponent: -0.36 },
	batch: { coefficient: 0.7576, exponent: 0.703 },
} as const;

/** One study's published exponents, with our signs: N* ∝ C^a, D* ∝ C^b, L ∝ C^−γ, L − E ∝ C^−γ. */
export interface PublishedExponents {
	label: string;
	source: string;
	/** How parameters and compute were counted. */
	convention: Convention;
	allocation: PublishedValue;
	tokens: PublishedValue | null;
	lossNoOffset: PublishedValue | null;
	lossWithOffset: PublishedValue | null;
}

const HOFFMANN_TABLE = `${HOFFMANN_SOURCE}, table 2 (10th to 90th percentile of 100 subsamples)`;
const PEARCE = "Pearce & Song 2024, arXiv:2406.12907, local fit to the synthetic frontier";

/** Published exponents that a study's own are compared with. */
export const PUBLISHED_EXPONENTS: readonly PublishedExponents[] = [
	{
		label: "Kaplan, adjusted to the critical batch size",
		source: KAPLAN_SOURCE,
		convention: "nonEmbedding",
		allocation: { estimate: KAPLAN_MINIMAL_SIZE.exponent },
		tokens: { estimate: KAPLAN_MINIMAL_TOKENS.exponent },
		lossNoOffset: { estimate: KAPLAN_LOSS_OF_MINIMAL_FLOPS.exponent },
		lossWithOffset: null,
	},
	{
		label: "Kaplan, fixed batch size",
		source: KAPLAN_SOURCE,
		convention: "nonEmbedding",
		allocation: { estimate: KAPLAN_SIZE.exponent },
		tokens: null,
		lossNoOffset: { estimate: KAPLAN_LOSS_OF_FLOPS.exponent },
		lossWithOffset: null,
	},
	hoffmann("Chinchilla, Method 1", HOFFMANN_EXPONENTS.approach1),
	hoffmann("Chinchilla, Method 2", HOFFMANN_EXPONENTS.approach2),
	hoffmann("Chinchilla, Method 3", HOFFMANN_EXPONENTS.approach3),
	pearce("Theory with Epoch's constants", 0.78, 0.069),
	pearce("Theory with Chinchilla's constants", 0.74, 0.066),
];

function hoffmann(label: string, values: { allocation: PublishedValue; tokens: PublishedValue }): PublishedExponents {
	return {
		label,
		source: HOFFMANN_TABLE,
		convention: "total",
		...values,
		lossNoOffset: null,
		lossWithOffset: null,
	};
}

function pearce(label: string, allocation: number, loss: number): PublishedExponents {
	return {
		label,
		source: PEARCE,
		convention: "nonEmbedding",
		allocation: { estimate: allocation },
		tokens: null,
		lossNoOffset: { estimate: loss },
		lossWithOffset: null,
	};
}
