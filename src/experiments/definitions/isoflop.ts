import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Each run is annealed to its own end, as in the paper. */
const cosine = { kind: "cosine", warmupSteps: 20 };

export const isoflop = defineExperiment({
	id: "isoflop",
	title: "IsoFLOP valleys",
	question: "Which model size is best at a fixed amount of compute?",
	source: "Hoffmann et al. 2022, section 3.2 (Method 2)",
	found: "Loss against size is a valley at every budget; its minimum grows as N* ∝ C^0.49.",
	limits: "A parabola of a few sizes places the minimum only roughly, and runs this short hardly leave the plateau.",
	presets: threeSizes("isoflop", {
		quick: {
			description: "Six sizes at four compute budgets from 10^10 to 1.5·10^11 FLOP, each run with its own cosine.",
			document: {
				...QUICK,
				sizes: [...sizesOfWidths([8, 12, 16, 20, 24, 32])],
				flops: [1e10, 2.5e10, 6e10, 1.5e11],
				learningRates: [0.003, 0.006],
				seeds: [1, 2],
				schedules: [cosine],
			},
		},
		class: {
			description: "Seven sizes at five compute budgets from 10^11 to 1.6·10^12 FLOP, a vocabulary of 2,048.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([8, 12, 16, 24, 32, 40, 48]),
				flops: [1e11, 2e11, 4e11, 8e11, 1.6e12],
				learningRates: [0.003, 0.006],
				seeds: [1, 2],
				schedules: [cosine],
			},
		},
		full: {
			description: "Eight sizes at five compute budgets from 10^13 to 1.6·10^14 FLOP, a vocabulary of 8,192.",
			document: {
				...FULL,
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96, 128, 160]),
				flops: [1e13, 2e13, 4e13, 8e13, 1.6e14],
				learningRates: [0.002, 0.004],
				seeds: [1, 2],
				schedules: [{ kind: "cosine", warmupSteps: 100 }],
			},
		},
	}),
});
