import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

interface SchemeSettings {
	/** Tokens, ascending. */
	budgets: readonly number[];
	/** Of the constant schedules; the first is the one rate of those that try no others. */
	rates: readonly number[];
	/** Of the schedules that anneal. */
	annealedRates: readonly number[];
	warmupSteps: number;
}

/** The schemes as arms: what changes is only how the learning rate is chosen and lowered. */
function schemeArms({ budgets, rates, annealedRates, warmupSteps }: SchemeSettings) {
	const longest = [budgets.at(-1)!];
	const annealed = { learningRates: annealedRates };
	const cosine = [{ kind: "cosine", warmupSteps }];
	const branches = [{ kind: "wsd", warmupSteps, cooldown: "linear", cooldownShare: 0.2 }];
	const constant = [{ kind: "constant", warmupSteps }];
	return [
		{ name: "constant, one rate", tokens: longest, schedules: constant, learningRates: [rates[0]] },
		{ name: "constant, best rate", tokens: longest, schedules: constant, learningRates: rates },
		{ name: "one cosine", tokens: longest, schedules: cosine, ...annealed },
		{ name: "a cosine for each budget", tokens: budgets, schedules: cosine, ...annealed },
		{ name: "branches of one trunk", tokens: budgets, schedules: branches, ...annealed },
	];
}

export const schemes = defineExperiment({
	id: "schemes",
	title: "Learning-rate schemes",
	question: "Does the way the learning rate is chosen and annealed explain the difference in exponents?",
	source: "Pearce & Song 2024, section 4, experiment 2",
	found: "It changes the exponents little, next to the way of counting parameters.",
	limits: "Budgets that end before the largest sizes have left the plateau say nothing about those sizes.",
	presets: threeSizes("schemes", {
		quick: {
			description:
				"Four sizes under five schemes: a constant rate, the best of two, one cosine, a cosine for each of six budgets, " +
				"and the same six as branches of one trunk. All that anneals does so from one rate.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([8, 16, 24, 32]),
				...{ learningRates: [0.003], seeds: [1, 2], tokens: [1_000_000] },
				arms: schemeArms({
					budgets: [40_000, 75_000, 145_000, 275_000, 520_000, 1_000_000],
					...{ rates: [0.003, 0.006], annealedRates: [0.003], warmupSteps: 20 },
				}),
			},
		},
		class: {
			description: "Five sizes under the five schemes, with three rates and six budgets up to 3 million tokens.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([8, 16, 24, 32, 40]),
				...{ learningRates: [0.003], seeds: [1, 2], tokens: [3_000_000] },
				arms: schemeArms({
					budgets: [90_000, 180_000, 360_000, 720_000, 1_500_000, 3_000_000],
					...{ rates: [0.003, 0.0015, 0.006], annealedRates: [0.003, 0.0015, 0.006], warmupSteps: 20 },
				}),
			},
		},
		full: {
			description: "Six sizes under the five schemes, with three rates and six budgets up to 80 million tokens.",
			document: {
				...FULL,
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96]),
				...{ learningRates: [0.002], seeds: [1, 2], tokens: [8e7] },
				arms: schemeArms({
					budgets: [2.5e6, 5e6, 1e7, 2e7, 4e7, 8e7],
					...{ rates: [0.002, 0.001, 0.004], annealedRates: [0.002, 0.001, 0.004], warmupSteps: 100 },
				}),
			},
		},
	}),
});
