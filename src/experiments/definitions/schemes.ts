import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** The schemes as arms: what changes is only how the learning rate is chosen and lowered. */
function schemeArms(budgets: readonly number[], rates: readonly number[], warmupSteps: number) {
	const longest = [budgets.at(-1)!];
	const cosine = [{ kind: "cosine", warmupSteps }];
	const branches = [{ kind: "wsd", warmupSteps, cooldown: "linear", cooldownShare: 0.2 }];
	const constant = [{ kind: "constant", warmupSteps }];
	return [
		{ name: "constant, one rate", tokens: longest, schedules: constant, learningRates: [rates[0]] },
		{ name: "constant, best rate", tokens: longest, schedules: constant, learningRates: rates },
		{ name: "one cosine", tokens: longest, schedules: cosine, learningRates: rates },
		{ name: "a cosine for each budget", tokens: budgets, schedules: cosine, learningRates: rates },
		{ name: "branches of one trunk", tokens: budgets, schedules: branches, learningRates: rates },
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
				"and the same six as branches of one trunk.",
			document: quick(),
		},
		class: {
			description: "Five sizes under the five schemes, with three rates and six budgets up to 2.4 million tokens.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([8, 16, 24, 32, 40]),
				...base([0.0015, 0.003, 0.006], [1, 2]),
				arms: schemeArms([150_000, 300_000, 600_000, 1_000_000, 1_600_000, 2_400_000], [0.003, 0.0015, 0.006], 20),
			},
		},
		full: {
			description: "Six sizes under the five schemes, with three rates and six budgets up to 80 million tokens.",
			document: {
				...FULL,
				sizes: sizesOfWidths([16, 24, 32, 48, 64, 96]),
				...base([0.001, 0.002, 0.004], [1, 2]),
				arms: schemeArms([2.5e6, 5e6, 1e7, 2e7, 4e7, 8e7], [0.002, 0.001, 0.004], 100),
			},
		},
	}),
});

function quick() {
	const budgets = [60_000, 100_000, 160_000, 250_000, 400_000, 640_000];
	const arms = schemeArms(budgets, [0.003, 0.006], 20);
	return { ...QUICK, sizes: sizesOfWidths([8, 12, 16, 24]), ...base([0.003, 0.006], [1, 2]), arms };
}

/** What all arms have; each replaces the rates and the budget. */
function base(learningRates: readonly number[], seeds: readonly number[]) {
	return { learningRates, seeds, tokens: [640_000] };
}
