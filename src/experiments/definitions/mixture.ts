import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Speeches with shares of the King James Bible, from none to all. */
const corpora = [
	"sotu",
	...[0.05, 0.15, 0.35, 0.6, 0.85].map((share) => ({
		mix: { sotu: Number((1 - share).toFixed(2)), "king-james-bible": share },
	})),
	"king-james-bible",
];
const evaluations = ["sotu", "king-james-bible"];

export const mixture = defineExperiment({
	id: "mixture",
	title: "Mixtures of text",
	question: "How do the losses on two texts depend on their shares of the training text?",
	source: "Ye et al. 2024 (Data Mixing Laws), equation 1",
	found: "On each text as L = c + k·exp(t·share), so a few mixtures predict the others.",
	limits: "Two texts that differ as much as prose can, at shares of whole sequences.",
	presets: threeSizes("mixture", {
		quick: {
			description: "Two sizes on seven mixtures of speeches and the King James Bible, three seeds.",
			document: {
				...QUICK,
				...{ corpora, evaluations, sizes: sizesOfWidths([16, 24]) },
				...{ tokens: [500_000], learningRates: [0.003], seeds: [1, 2, 3] },
			},
		},
		class: {
			description: "Three sizes on seven mixtures, 1 million tokens, a vocabulary of 2,048.",
			document: {
				...CLASS,
				...{ corpora, evaluations, sizes: sizesOfWidths([16, 32, 48]) },
				...{ tokens: [1_000_000], learningRates: [0.003], seeds: [1, 2, 3] },
			},
		},
		full: {
			description: "Three sizes on seven mixtures, 4 million tokens, a vocabulary of 8,192.",
			document: {
				...FULL,
				...{ corpora, evaluations, sizes: sizesOfWidths([32, 64, 128]) },
				...{ tokens: [4e6], learningRates: [0.002], seeds: [1, 2, 3] },
			},
		},
	}),
});
