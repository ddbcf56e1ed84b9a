import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, headsOf, QUICK, threeSizes } from "./common.ts";

const widths = (list: readonly number[], layers: number) =>
	list.map((width) => ({ width, layers, heads: headsOf(width) }));

export const mup = defineExperiment({
	id: "mup",
	title: "The best rate and the width",
	question: "Does the best learning rate of a narrow model carry over to wide ones?",
	source: "Yang et al. 2022 (Tensor Programs V), figure 1",
	found: "Under μP it does; under the standard parametrization it falls as the width grows.",
	limits:
		"Short runs of narrow models prefer higher rates than long ones of wide models; only the shift is of interest.",
	presets: threeSizes("mup", {
		quick: {
			description: "Widths of 8 to 64 with two layers, six learning rates, in both parametrizations.",
			document: {
				...QUICK,
				sizes: widths([8, 16, 32, 64], 2),
				...{ parametrizations: ["standard", "mup"], baseWidth: 16 },
				...{ learningRates: [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016], seeds: [1, 2], tokens: [140_000] },
			},
		},
		class: {
			description: "Widths of 16 to 128 with two layers, seven learning rates, in both parametrizations.",
			document: {
				...CLASS,
				sizes: widths([16, 32, 64, 128], 2),
				...{ parametrizations: ["standard", "mup"], baseWidth: 16 },
				...{ learningRates: [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016], seeds: [1, 2], tokens: [800_000] },
			},
		},
		full: {
			description: "Widths of 32 to 512 with four layers, seven learning rates, in both parametrizations.",
			document: {
				...FULL,
				sizes: widths([32, 64, 128, 256, 512], 4),
				...{ parametrizations: ["standard", "mup"], baseWidth: 32 },
				...{ learningRates: [0.000125, 0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008], seeds: [1, 2], tokens: [5e6] },
			},
		},
	}),
});
