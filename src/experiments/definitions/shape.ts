import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, threeSizes } from "./common.ts";

export const shape = defineExperiment({
	id: "shape",
	title: "Depth against width",
	question: "Does it matter how a fixed number of non-embedding parameters is divided into depth and width?",
	source: "Kaplan et al. 2020, section 3.1, figure 5",
	found: "Hardly: the loss stays within a few percent over a wide range of aspect ratios.",
	limits:
		"At equal non-embedding parameters wide models have more embeddings, which count here; deep narrow models also train more slowly early.",
	presets: threeSizes("shape", {
		quick: {
			description: "Four shapes of about 12 thousand non-embedding parameters, from one layer to eight, three rates.",
			document: {
				...QUICK,
				sizes: [
					{ width: 32, layers: 1, heads: 2 },
					{ width: 22, layers: 2, heads: 2 },
					{ width: 16, layers: 4, heads: 2 },
					{ width: 11, layers: 8, heads: 1 },
				],
				...{ learningRates: [0.0015, 0.003, 0.006], seeds: [1, 2, 3], tokens: [500_000] },
			},
		},
		class: {
			description:
				"Five shapes of about 100 thousand non-embedding parameters, from one layer to sixteen, three rates.",
			document: {
				...CLASS,
				sizes: [
					{ width: 92, layers: 1, heads: 4 },
					{ width: 64, layers: 2, heads: 4 },
					{ width: 46, layers: 4, heads: 2 },
					{ width: 32, layers: 8, heads: 2 },
					{ width: 23, layers: 16, heads: 1 },
				],
				...{ learningRates: [0.0015, 0.003, 0.006], seeds: [1, 2], tokens: [2_000_000] },
			},
		},
		full: {
			description: "Six shapes of about 1.6 million non-embedding parameters, from one layer to 32, three rates.",
			document: {
				...FULL,
				sizes: [
					{ width: 368, layers: 1, heads: 16 },
					{ width: 256, layers: 2, heads: 8 },
					{ width: 184, layers: 4, heads: 8 },
					{ width: 128, layers: 8, heads: 4 },
					{ width: 92, layers: 16, heads: 4 },
					{ width: 64, layers: 32, heads: 4 },
				],
				...{ learningRates: [0.0005, 0.001, 0.002], seeds: [1, 2], tokens: [2e7] },
			},
		},
	}),
});
