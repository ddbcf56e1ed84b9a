import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Each optimizer with four rates a factor of 2 apart, around its usual best. */
const arms = [
	{ name: "SGD with momentum", optimizer: "sgd", learningRates: [0.125, 0.25, 0.5, 1] },
	{ name: "AdamW", optimizer: "adamw", learningRates: [0.0015, 0.003, 0.006, 0.012] },
	{ name: "Muon", optimizer: "muon", learningRates: [0.003, 0.006, 0.012, 0.024] },
	{ name: "Lion", optimizer: "lion", learningRates: [0.00025, 0.0005, 0.001, 0.002] },
];

export const optimizers = defineExperiment({
	id: "optimizers",
	title: "Optimizers",
	question: "How many tokens does each optimizer need for the same loss, each at its best learning rate?",
	source: "Liu et al. 2025 (Muon is Scalable); Wen et al. 2025 (Fantastic Pretraining Optimizers)",
	found: "Muon needs about half to two thirds of AdamW's tokens at small scale; the gain shrinks as models grow.",
	limits: "Four rates and the settings of the rest at their defaults: a better-tuned optimizer could move up.",
	presets: threeSizes("optimizers", {
		quick: {
			description: "One size, four optimizers, four learning rates each.",
			document: {
				...QUICK,
				...{ sizes: sizesOfWidths([24]), tokens: [600_000], learningRates: [0.003], seeds: [1, 2], arms },
			},
		},
		class: {
			description: "Two sizes, four optimizers, four learning rates each, 2 million tokens.",
			document: {
				...CLASS,
				...{ sizes: sizesOfWidths([24, 48]), tokens: [2_000_000], learningRates: [0.003], seeds: [1, 2], arms },
			},
		},
		full: {
			description: "Three sizes, four optimizers, four learning rates each, 20 million tokens.",
			document: {
				...FULL,
				...{ sizes: sizesOfWidths([32, 64, 128]), tokens: [2e7], learningRates: [0.003], seeds: [1, 2], arms },
			},
		},
	}),
});
