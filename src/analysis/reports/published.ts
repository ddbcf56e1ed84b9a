import type { Convention } from "../method1/study-analysis.ts";

/** A published exponent, as printed; the interval where one was given. */
export interface PublishedValue {
	estimate: number;
	interval?: { low: number; high: number; level: number };
}

/** One study's published exponents, in the signs of our formulas: N* ∝ C^a, D* ∝ C^b, L ∝ C^−γ, L − E ∝ C^−γ. */
export interface PublishedFit {
	label: string;
	source: string;
	/** How parameters and compute were counted. */
	convention: Convention;
	allocation: PublishedValue;
	tokens: PublishedValue | null;
	lossNoOffset: PublishedValue | null;
	lossWithOffset: PublishedValue | null;
}

const KAPLAN = "Kaplan et al. 2020, arXiv:2001.08361";
const HOFFMANN = "Hoffmann et al. 2022, arXiv:2203.15556, table 2 (10th to 90th percentile of 100 subsamples)";
const PEARCE = "Pearce & Song 2024, arXiv:2406.12907, local fit to the synthetic frontier";

/** Exponents to compare a study with. */
export const PUBLISHED_FITS: readonly PublishedFit[] = [
	{
		label: "Kaplan, adjusted to the critical batch size",
		source: KAPLAN,
		convention: "nonEmbedding",
		allocation: { estimate: 0.73 },
		tokens: { estimate: 0.27 },
		lossNoOffset: { estimate: 0.05 },
		lossWithOffset: null,
	},
	{
		label: "Kaplan, fixed batch size",
		source: KAPLAN,
		convention: "nonEmbedding",
		allocation: { estimate: 0.88 },
		tokens: null,
		lossNoOffset: { estimate: 0.057 },
		lossWithOffset: null,
	},
	{
		label: "Chinchilla, Method 1",
		source: HOFFMANN,
		convention: "total",
		allocation: { estimate: 0.5, interval: { low: 0.488, high: 0.502, level: 0.8 } },
		tokens: { estimate: 0.5, interval: { low: 0.501, high: 0.512, level: 0.8 } },
		lossNoOffset: null,
		lossWithOffset: null,
	},
	{
		label: "Chinchilla, Method 2",
		source: HOFFMANN,
		convention: "total",
		allocation: { estimate: 0.49, interval: { low: 0.462, high: 0.534, level: 0.8 } },
		tokens: { estimate: 0.51, interval: { low: 0.483, high: 0.529, level: 0.8 } },
		lossNoOffset: null,
		lossWithOffset: null,
	},
	{
		label: "Chinchilla, Method 3",
		source: HOFFMANN,
		convention: "total",
		allocation: { estimate: 0.46, interval: { low: 0.454, high: 0.455, level: 0.8 } },
		tokens: { estimate: 0.54, interval: { low: 0.542, high: 0.543, level: 0.8 } },
		lossNoOffset: null,
		lossWithOffset: null,
	},
	{
		label: "Theory with Epoch's constants",
		source: PEARCE,
		convention: "nonEmbedding",
		allocation: { estimate: 0.78 },
		tokens: null,
		lossNoOffset: { estimate: 0.069 },
		lossWithOffset: null,
	},
	{
		label: "Theory with Chinchilla's constants",
		source: PEARCE,
		convention: "nonEmbedding",
		allocation: { estimate: 0.74 },
		tokens: null,
		lossNoOffset: { estimate: 0.066 },
		lossWithOffset: null,
	},
];
