import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Cooldowns at several lengths of one constant-rate trunk: annealed losses without training each from the start. */
const branches = (warmupSteps: number) => [{ kind: "wsd", warmupSteps, cooldown: "linear", cooldownShare: 0.2 }];

export const grid = defineExperiment({
	id: "grid",
	title: "A law of size and tokens",
	question: "Does one law, L = E + A·N^−α + B·D^−β, fit all sizes and lengths at once?",
	source: "Hoffmann et al. 2022, section 3.3 (Method 3); Besiroglu et al. 2024",
	found: "It does, with N* ∝ C^0.46 as published and C^0.51 when fitted with care to the same data.",
	limits: "Over one decade of size and of tokens the five parameters trade off against each other, E above all.",
	presets: threeSizes("grid", {
		quick: {
			description: "Five sizes at four lengths from 200 thousand to 1.6 million tokens, annealed at each length.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([8, 12, 16, 24, 32]),
				tokens: [200_000, 400_000, 800_000, 1_600_000],
				learningRates: [0.003],
				seeds: [1, 2],
				schedules: branches(20),
			},
		},
		class: {
			description: "Six sizes at five lengths from 300 thousand to 4.8 million tokens, a vocabulary of 2,048.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([8, 16, 24, 32, 40, 48]),
				tokens: [300_000, 600_000, 1_200_000, 2_400_000, 4_800_000],
				learningRates: [0.003],
				seeds: [1, 2, 3],
				schedules: branches(20),
			},
		},
		full: {
			description: "Seven sizes at six lengths from 5 to 160 million tokens, a vocabulary of 8,192.",
			document: {
				...FULL,
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96, 128]),
				tokens: [5e6, 1e7, 2e7, 4e7, 8e7, 1.6e8],
				learningRates: [0.002],
				seeds: [1, 2],
				schedules: branches(100),
			},
		},
	}),
});
