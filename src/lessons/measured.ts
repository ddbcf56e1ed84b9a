import type { Convention } from "../architecture/flops.ts";
import measured from "./measured.json";

/** A column of x and a column of y. */
export interface Columns {
	readonly x: readonly number[];
	readonly y: readonly number[];
}

/** N* ∝ C^exponent in one convention, by Method 1. */
export interface MeasuredExponent {
	/** Compute (FLOP) and best size (parameters) where a size overtakes the next smaller one. */
	readonly crossings: Columns;
	readonly exponent: number;
	/** 90 % interval. */
	readonly low: number;
	readonly high: number;
}

/** What lessons show of runs that this lab trained. */
export interface Measured {
	/** Seeds 1 to 3 of `reconcile`: for each size N_T its lowest mean training loss (nats per token) against C_T (FLOP). */
	readonly envelope: readonly { readonly parameters: number; readonly curve: Columns }[];
	/** `reconcile` with seeds 1 to 3, and again with 4 to 6. */
	readonly counting: readonly {
		readonly seeds: string;
		readonly sizes: { readonly total: readonly number[]; readonly nonEmbedding: readonly number[] };
		readonly fits: Readonly<Record<Convention, MeasuredExponent>>;
	}[];
	/** One long run: training loss against tokens, the losses of simple predictors, and text from its early weights. */
	readonly phases: {
		readonly parameters: number;
		readonly vocabulary: number;
		readonly curve: Columns;
		/** Nats per token on the validation text: knowing token frequencies, or those after each token. */
		readonly unigram: number;
		readonly bigram: number;
		readonly samples: readonly { readonly tokens: number; readonly loss: number; readonly text: string }[];
	};
	/** Validation losses against tokens under three schedules, one row per seed; seeds are in the same order. */
	readonly annealing: {
		readonly parameters: number;
		readonly tokens: readonly number[];
		readonly schedules: readonly { readonly kind: string; readonly losses: readonly (readonly number[])[] }[];
	};
	/** `repeat`: epochs read, and epochs of new text with the same loss. */
	readonly repetition: {
		readonly series: readonly {
			readonly parameters: number;
			readonly unique: number;
			readonly worth: Columns;
		}[];
		/** R*, fitted to all of them. */
		readonly decay: number;
	};
	/** `isoflop`: the lowest loss over sizes at each budget, with every seed. */
	readonly forecast: readonly {
		readonly flops: number;
		readonly parameters: number;
		readonly losses: readonly number[];
	}[];
	/**
	 * By Besiroglu et al.'s law: the best size to train with so many FLOP, and of the models with the same loss the cheapest to train
	 * and then use for so many tokens; on how many times the text it is trained, and what share of all arithmetic it saves.
	 */
	readonly lifetime: {
		readonly flops: number;
		readonly useTokens: number;
		readonly trainingOptimal: number;
		readonly lifetimeOptimal: number;
		readonly text: number;
		readonly saved: number;
	};
	/** What the presets of the lessons cost; seconds on a typical laptop GPU. */
	readonly presets: Readonly<
		Record<string, { readonly runs: number; readonly flops: number; readonly seconds: number }>
	>;
}

/**
 * `measured.json` is written by `npx vitest run --project unit test/lessons/measured.test.ts -u` from the runs in docs/findings
 * and docs/lessons; without `-u` that test compares it with them.
 */
export const MEASURED: Measured = measured;
