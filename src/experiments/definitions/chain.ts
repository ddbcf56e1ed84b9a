import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** The stages in which training changes; one more, after the first, changes only how parameters are counted. */
function stages({ budgets, rates, batch, longWarmup }: ChainSettings) {
	const asManyTokensAsParameters = { coefficient: 1, exponent: 1 };
	const cosines = [{ kind: "cosine", warmupTokens: asManyTokensAsParameters }];
	return [
		{ name: "long warmup", schedules: [{ kind: "constant", warmupTokens: longWarmup }] },
		{ name: "warmup of N tokens", schedules: [{ kind: "constant", warmupTokens: asManyTokensAsParameters }] },
		{ name: "decay", tokens: budgets, schedules: cosines },
		{
			name: "tuned rate, batch and β₂",
			...{ tokens: budgets, schedules: cosines, learningRates: rates, beta2: 0.99 },
			batchSequences: [{ coefficient: batch, exponent: 0.5 }],
		},
	];
}

interface ChainSettings {
	budgets: readonly number[];
	rates: readonly number[];
	/** Sequences per step over √N_T. */
	batch: number;
	/** Tokens. */
	longWarmup: number;
}

export const chain = defineExperiment({
	id: "chain",
	title: "From Kaplan to Chinchilla",
	question: "Which steps lead from Kaplan's exponent to Chinchilla's?",
	source: "Porian et al. 2024, figure 1",
	found:
		"Counting the head's FLOPs, a shorter warmup and tuning per size bring the exponent from 0.88 to 0.50; decay is not essential.",
	limits:
		"Stages whose intervals overlap cannot be told apart; a long warmup here is thousands of steps, not billions of tokens.",
	presets: threeSizes("chain", {
		quick: {
			description:
				"Three sizes in four ways of training, two rates at the last, up to 1.6 million tokens: five exponents in a row.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([8, 16, 24]),
				...{ learningRates: [0.003], seeds: [1, 2], tokens: [1_600_000], batchSequences: [16], beta2: 0.95 },
				arms: stages({
					budgets: [40_000, 85_000, 180_000, 370_000, 770_000, 1_600_000],
					...{ rates: [0.003, 0.006], batch: 0.08, longWarmup: 300_000 },
				}),
			},
		},
		class: {
			description: "Five sizes, three rates at the last stage, up to 3 million tokens, a vocabulary of 2,048.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([8, 16, 24, 32, 40]),
				...{ learningRates: [0.003], seeds: [1, 2], tokens: [3_000_000], batchSequences: [32], beta2: 0.95 },
				arms: stages({
					budgets: [120_000, 230_000, 430_000, 820_000, 1_600_000, 3_000_000],
					...{ rates: [0.0015, 0.003, 0.006], batch: 0.06, longWarmup: 600_000 },
				}),
			},
		},
		full: {
			description: "Six sizes, three rates at the last stage, up to 80 million tokens, a vocabulary of 8,192.",
			document: {
				...FULL,
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96]),
				...{ learningRates: [0.002], seeds: [1, 2], tokens: [8e7], batchSequences: [256], beta2: 0.95 },
				arms: stages({
					budgets: [2.5e6, 5e6, 1e7, 2e7, 4e7, 8e7],
					...{ rates: [0.001, 0.002, 0.004], batch: 0.08, longWarmup: 2e7 },
				}),
			},
		},
	}),
});
