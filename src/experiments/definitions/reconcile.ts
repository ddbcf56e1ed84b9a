import { defineExperiment } from "../experiment.ts";
import { COMMON, sizesWithBudgets } from "./common.ts";

// Small batches, because large ones stay longer on the plateau at the unigram loss, where sizes cannot be told apart; three rates,
// because the rate that wins at the end is slow early, and the envelope takes the best rate at each compute.
const SHARED = {
	...COMMON,
	learningRates: [0.0015, 0.003, 0.006],
	seeds: [1, 2, 3],
	validationSequences: 1024,
};

export const reconcile = defineExperiment({
	id: "reconcile",
	title: "Kaplan and Chinchilla",
	question: "Do the same runs give N* ∝ C^0.50 counted in total parameters, and C^0.74 in non-embedding ones?",
	source: "Pearce & Song 2024, section 4, experiment 1",
	found:
		"Exponents of 0.49 in total and 0.74 in non-embedding parameters, for models of 0.8 to 4.6 million parameters.",
	limits: "Exponents at this scale are local slopes; they need not hold for larger models.",
	presets: [
		{
			id: "smoke",
			title: "Smoke test",
			description:
				"Three one-layer models on raw bytes, at two learning rates each: the smallest study that exercises every part " +
				"of the lab and yields two coefficients. Takes seconds on a GPU and about a minute without one. With three " +
				"sizes this small, the intervals are wide.",
			// Each size trains until the next one has overtaken it in both conventions, and not much longer.
			document: {
				corpora: ["sotu"],
				vocabularies: [256],
				context: 16,
				sizes: [
					{ width: 4, layers: 1, heads: 1, steps: 900 },
					{ width: 8, layers: 1, heads: 2, steps: 2500 },
					{ width: 16, layers: 1, heads: 4, steps: 750 },
				],
				learningRates: [0.01, 0.02],
				schedules: [{ kind: "constant", warmupSteps: 20 }],
				batchSequences: [32],
				validationSequences: 256,
			},
		},
		{
			id: "minute",
			title: "One minute",
			description:
				"For a classroom: four models with 5 to 68 thousand parameters, three learning rates, three seeds, and 1 to 2 " +
				"million tokens of State of the Union speeches with a vocabulary of 512. Takes about a minute on a laptop GPU. " +
				"The two ways of counting parameters give different exponents; the intervals show how certain that is.",
			document: {
				...SHARED,
				vocabularies: [512],
				sizes: sizesWithBudgets({ 8: 1_000_000, 16: 1_200_000, 24: 2_000_000, 32: 1_200_000 }),
				batchSequences: [8],
			},
		},
		{
			id: "reconcile",
			title: "Reconcile",
			description:
				"The paper's first experiment in miniature: four models with 0.9 to 51 thousand non-embedding parameters but 17 " +
				"to 117 thousand in total, because most are embeddings for a vocabulary of 2,048. Three learning rates, three " +
				"seeds, and 1.7 to 3 million tokens of State of the Union speeches: 3·10^13 FLOP, minutes on a laptop GPU.",
			document: {
				...SHARED,
				vocabularies: [2048],
				sizes: sizesWithBudgets({ 8: 2_000_000, 16: 2_600_000, 24: 3_000_000, 32: 1_700_000 }),
				batchSequences: [16],
			},
		},
		{
			id: "class",
			title: "Class",
			description:
				"Six models with 34 to 365 thousand parameters and a vocabulary of 4,096: a longer range of sizes, and five " +
				"crossings instead of three. 1.7·10^14 FLOP: a lesson on a good GPU.",
			document: {
				...SHARED,
				vocabularies: [4096],
				sizes: sizesWithBudgets({
					...{ 8: 3_200_000, 16: 4_000_000, 24: 4_800_000 },
					...{ 32: 5_000_000, 40: 5_000_000, 48: 3_200_000 },
				}),
				batchSequences: [16],
			},
		},
		{
			id: "paper",
			title: "The paper's own",
			description:
				"Experiment 1 of Pearce & Song at full size: 0.8, 1.6, 2.1, 3.4 and 4.6 million parameters (N_T), GPT-2's " +
				"vocabulary of 50,257, context 16, 65,536 tokens per step, from 4,000 steps for the smallest model to 8,000 for " +
				"the largest, four learning rates, and no annealing (after a warmup of 100 steps, which the paper does not " +
				"specify). Takes days on a laptop GPU. Runs read up to 520 million tokens, so provide a larger text: the " +
				"speeches would be repeated hundreds of times.",
			// The paper gives N_T but not the shapes. Here depth grows with width so that ln N_\E rises 2.9 times as fast as
			// ln N_T over the range, as the paper's own pair of exponents implies: from N* ∝ C_T^0.49 along N_\E ∝ N_T^s,
			// 0.49·s / (0.49·s + 0.51) is its 0.74 at s = 2.96.
			document: {
				corpora: ["sotu"],
				vocabularies: [50257],
				context: 16,
				sizes: [
					{ width: 16, layers: 1, heads: 1, steps: 4000 },
					{ width: 32, layers: 2, heads: 2, steps: 5000 },
					{ width: 40, layers: 3, heads: 2, steps: 6000 },
					{ width: 64, layers: 3, heads: 4, steps: 7000 },
					{ width: 80, layers: 7, heads: 5, steps: 8000 },
				],
				learningRates: [0.001, 0.005, 0.01, 0.05],
				schedules: [{ kind: "constant", warmupSteps: 100 }],
				batchSequences: [4096],
			},
		},
	],
});
