import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, sizesWithBudgets, threeSizes } from "./common.ts";

export const vocabulary = defineExperiment({
	id: "vocabulary",
	title: "Vocabulary size",
	question:
		"Does the exponent in non-embedding parameters depend on the vocabulary, and the one in total parameters not?",
	source: "Pearce & Song 2024, section 3, whose theory ties the gap to the share of embeddings",
	found:
		"In theory, the larger the embedding next to the rest, the faster the best non-embedding size grows with compute.",
	limits: "Losses per token of different vocabularies cannot be compared; only the exponents can.",
	presets: threeSizes("vocabulary", {
		quick: {
			description: "Four sizes with vocabularies of 256, 512 and 1,024, one rate, two seeds.",
			document: {
				...QUICK,
				vocabularies: [256, 512, 1024],
				sizes: sizesWithBudgets({ 8: 1_400_000, 16: 1_600_000, 24: 2_200_000, 32: 1_200_000 }),
				learningRates: [0.003],
				seeds: [1, 2],
			},
		},
		class: {
			description: "Five sizes with vocabularies of 256, 1,024 and 4,096, three rates, two seeds.",
			document: {
				...CLASS,
				vocabularies: [256, 1024, 4096],
				sizes: sizesWithBudgets({ 8: 3_200_000, 16: 4_000_000, 24: 4_800_000, 32: 5_000_000, 40: 3_200_000 }),
				learningRates: [0.0015, 0.003, 0.006],
				seeds: [1, 2],
			},
		},
		full: {
			description: "Six sizes with vocabularies of 512, 4,096 and 32,768, three rates, two seeds.",
			document: {
				...FULL,
				vocabularies: [512, 4096, 32768],
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96]),
				tokens: [4e7],
				learningRates: [0.001, 0.002, 0.004],
				seeds: [1, 2],
			},
		},
	}),
});
