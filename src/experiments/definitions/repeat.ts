import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** The same runs on all of the text and on little of it, read again and again. */
function unique(tokens: readonly number[]) {
	return [{ name: "all of the text" }, { name: "repeated text", uniqueTokens: tokens }];
}

export const repeat = defineExperiment({
	id: "repeat",
	title: "Repeated text",
	question: "How much is a token worth that has been read before?",
	source: "Muennighoff et al. 2023, section 5",
	found: "Up to four epochs repeated text is nearly as good as new; its worth decays with R_D* = 15 repetitions.",
	limits: "Small models hardly memorize; how fast large ones overfit cannot be seen here.",
	presets: threeSizes("repeat", {
		quick: {
			description: "Two sizes on 10 to 80 thousand unique tokens, read up to 60 times, beside new text.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([16, 24]),
				...{ tokens: [600_000], learningRates: [0.003], seeds: [1, 2, 3], validationEvery: 15_000 },
				arms: unique([10_000, 20_000, 40_000, 80_000]),
			},
		},
		class: {
			description: "Three sizes on 30 to 240 thousand unique tokens, read up to 80 times, beside new text.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([16, 32, 48]),
				...{ tokens: [2_400_000], learningRates: [0.003], seeds: [1, 2, 3], validationEvery: 60_000 },
				arms: unique([30_000, 60_000, 120_000, 240_000]),
			},
		},
		full: {
			description:
				"Three sizes on 0.25 to 2 million unique tokens, read up to 80 times. Needs 20 million tokens of new text.",
			document: {
				...FULL,
				sizes: sizesOfWidths([32, 64, 128]),
				...{ tokens: [2e7], learningRates: [0.002], seeds: [1, 2, 3], validationEvery: 500_000 },
				arms: unique([250_000, 500_000, 1_000_000, 2_000_000]),
			},
		},
	}),
});
