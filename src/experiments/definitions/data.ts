import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

export const data = defineExperiment({
	id: "data",
	title: "How loss falls with data",
	question:
		"How does the best loss fall with the amount of text, when the model is as large and trained as long as helps?",
	source: "Hestness et al. 2017, section 4.2",
	found: "As a power law, with exponents of 0.07 to 0.09 for word-level language models.",
	limits: "Where the largest model is the best one, a still larger one would do better; the slope is then too flat.",
	presets: threeSizes("data", {
		quick: {
			description:
				"Three sizes on 2.5 to 40 thousand tokens of text, read over and over: the lowest validation loss on the way counts.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([16, 24, 32]),
				uniqueTokens: [2_500, 5_000, 10_000, 20_000, 40_000],
				...{ tokens: [1_000_000], learningRates: [0.003], seeds: [1, 2], validationEvery: 20_000 },
			},
		},
		class: {
			description: "Four sizes on 5 to 160 thousand tokens of text, a vocabulary of 2,048.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([16, 24, 32, 48]),
				uniqueTokens: [5_000, 10_000, 20_000, 40_000, 80_000, 160_000],
				...{ tokens: [4_000_000], learningRates: [0.003], seeds: [1, 2], validationEvery: 50_000 },
			},
		},
		full: {
			description: "Four sizes on 30 thousand to 1 million tokens of text, a vocabulary of 8,192.",
			document: {
				...FULL,
				sizes: sizesOfWidths([32, 64, 96, 128]),
				uniqueTokens: [30_000, 60_000, 125_000, 250_000, 500_000, 1_000_000],
				...{ tokens: [2e7], learningRates: [0.002], seeds: [1, 2], validationEvery: 250_000 },
			},
		},
	}),
});
