import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Named architectures as arms. */
const arms = [
	{ name: "GPT-2" },
	{ name: "Llama", norms: ["rms"], positions: ["rotary"], activations: ["swiglu"], biases: false, expansion: 8 / 3 },
	{ name: "no positions", positions: ["none"] },
	// An LSTM wants higher rates than a transformer.
	{ name: "LSTM", architectures: ["lstm"], learningRates: [0.006, 0.012, 0.024] },
];

export const architectures = defineExperiment({
	id: "architectures",
	title: "Architectures",
	question: "Do architectures differ in how fast the loss falls with size, or only in its level?",
	source: "Kaplan et al. 2020, section 3.2.1, figure 7; Hestness et al. 2017",
	found:
		"Recurrent models keep up on the first tokens of a sequence and fall behind on later ones; slopes hardly differ.",
	limits: "Sequences of 16 tokens are where recurrent models are strong; long contexts are not tested here.",
	presets: threeSizes("architectures", {
		quick: {
			description: "Four architectures at three sizes, three learning rates each.",
			document: {
				...QUICK,
				...{ sizes: sizesOfWidths([8, 16, 24]), tokens: [500_000], seeds: [1, 2], arms },
				learningRates: [0.0015, 0.003, 0.006],
			},
		},
		class: {
			description: "Four architectures at four sizes, three learning rates each, a vocabulary of 2,048.",
			document: {
				...CLASS,
				...{ sizes: sizesOfWidths([16, 24, 32, 48]), tokens: [2_000_000], seeds: [1, 2], arms },
				learningRates: [0.0015, 0.003, 0.006],
			},
		},
		full: {
			description: "Four architectures at five sizes, three learning rates each, sequences of 64 tokens.",
			document: {
				...FULL,
				...{ sizes: sizesOfWidths([32, 48, 64, 96, 128]), tokens: [2e7], seeds: [1, 2], arms },
				learningRates: [0.001, 0.002, 0.004],
			},
		},
	}),
});
