import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** Larger batches need more tokens to the same loss, and higher rates: about twice as high for four times the batch. */
function batches(
	entries: readonly { sequences: readonly number[]; tokens: number; learningRates: readonly number[] }[],
) {
	return entries.map(({ sequences, tokens, learningRates }) => ({
		name: sequences.length === 1 ? `${sequences[0]} sequences` : `${sequences[0]} to ${sequences.at(-1)} sequences`,
		batchSequences: sequences,
		...{ learningRates, tokens: [tokens] },
	}));
}

export const batch = defineExperiment({
	id: "batch",
	title: "Critical batch size",
	question: "Up to which batch size do larger batches save steps without costing tokens?",
	source: "McCandlish et al. 2018, section 2; Kaplan et al. 2020, section 5.1",
	found:
		"Steps and tokens to a loss lie on a hyperbola, (S/S_min − 1)(E/E_min − 1) = 1; its knee, B_crit, grows as loss falls.",
	limits:
		"The noise scale can be measured only where a step has several micro-batches, so only for the largest batches.",
	presets: threeSizes("batch", {
		quick: {
			description: "One size with batches of 64 to 8,192 tokens, four learning rates each.",
			document: {
				...QUICK,
				sizes: sizesOfWidths([16]),
				...{ learningRates: [0.004], seeds: [1, 2], tokens: [500_000] },
				arms: batches([
					{ sequences: [4, 8, 16], tokens: 500_000, learningRates: [0.001, 0.002, 0.004, 0.008] },
					{ sequences: [32, 64], tokens: 700_000, learningRates: [0.002, 0.004, 0.008, 0.016] },
					{ sequences: [128], tokens: 1_000_000, learningRates: [0.002, 0.004, 0.008, 0.016] },
					{ sequences: [512], tokens: 1_600_000, learningRates: [0.004, 0.008, 0.016, 0.032] },
				]),
			},
		},
		class: {
			description: "Two sizes with batches of 128 to 16,384 tokens, five learning rates each.",
			document: {
				...CLASS,
				sizes: sizesOfWidths([16, 32]),
				...{ learningRates: [0.004], seeds: [1, 2], tokens: [1_500_000] },
				arms: batches([
					{ sequences: [8, 16, 32], tokens: 1_500_000, learningRates: [0.0005, 0.001, 0.002, 0.004, 0.008] },
					{ sequences: [64, 128], tokens: 3_000_000, learningRates: [0.001, 0.002, 0.004, 0.008, 0.016] },
					{ sequences: [256], tokens: 5_000_000, learningRates: [0.001, 0.002, 0.004, 0.008, 0.016] },
					{ sequences: [1024], tokens: 10_000_000, learningRates: [0.002, 0.004, 0.008, 0.016, 0.032] },
				]),
			},
		},
		full: {
			description: "Two sizes with batches of 1,024 to 131,072 tokens, five learning rates each.",
			document: {
				...FULL,
				sizes: sizesOfWidths([48, 96]),
				...{ learningRates: [0.004], seeds: [1], tokens: [1e7] },
				arms: batches([
					{ sequences: [16, 32, 64], tokens: 1e7, learningRates: [0.0005, 0.001, 0.002, 0.004, 0.008] },
					{ sequences: [128, 256], tokens: 2e7, learningRates: [0.001, 0.002, 0.004, 0.008, 0.016] },
					{ sequences: [512], tokens: 4e7, learningRates: [0.001, 0.002, 0.004, 0.008, 0.016] },
					{ sequences: [2048], tokens: 1e8, learningRates: [0.002, 0.004, 0.008, 0.016, 0.032] },
				]),
			},
		},
	}),
});
