import type { Study } from "./study.ts";
import { validateStudy } from "./validate-study.ts";

/** A study that comes with the lab. */
export interface Preset {
	/** What the command line and links call it. */
	id: string;
	title: string;
	/** One paragraph for people. */
	description: string;
	study: Study;
}

// Each size trains until the next one has overtaken it in both ways of counting, and not much longer.
const smoke: Preset = {
	id: "smoke",
	title: "Smoke test",
	description:
		"Three models of one layer on raw bytes, at two learning rates each: the smallest study that goes through " +
		"everything and gives two coefficients. It takes seconds on a GPU and about a minute without one; three sizes " +
		"this small make wide intervals.",
	study: validateStudy({
		name: "smoke",
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
	}),
};

// What decides these budgets is where the curves of neighbouring sizes cross. Measured on the speeches, sizes a factor
// of 1.4 to 2 apart cross after 80 to 200 thousand tokens with 512 kinds of token, later with more kinds, later under
// C_\E than under C_T; runs ten times as long pick learning rates that are still slow there, and the crossings then say
// when a size begins to learn instead of what it can learn. Small batches keep that beginning short. One layer each:
// depth would add to N_\E and hardly to N_T, and put the crossings out of reach.
const minute: Preset = {
	id: "minute",
	title: "One minute",
	description:
		"For a classroom: five models from 2 to 20 thousand parameters, four learning rates, three seeds, up to 450 " +
		"thousand tokens each of State of the Union speeches cut into 512 kinds of token. About a minute on a laptop's " +
		"GPU. The two ways of counting parameters part; how far, and how surely, is for the intervals to say.",
	study: validateStudy({
		name: "minute",
		corpora: ["sotu"],
		vocabularies: [512],
		context: 16,
		sizes: [
			{ width: 4, layers: 1, heads: 1, tokens: 300_000 },
			{ width: 8, layers: 1, heads: 1, tokens: 350_000 },
			{ width: 12, layers: 1, heads: 1, tokens: 400_000 },
			{ width: 16, layers: 1, heads: 1, tokens: 450_000 },
			{ width: 24, layers: 1, heads: 2, tokens: 400_000 },
		],
		learningRates: [0.0015, 0.003, 0.006, 0.012],
		seeds: [1, 2, 3],
		schedules: [{ kind: "constant", warmupSteps: 20 }],
		batchSequences: [8],
	}),
};

const reconcile: Preset = {
	id: "reconcile",
	title: "Reconcile Kaplan and Chinchilla",
	description:
		"The first experiment of Pearce & Song in small: five models with 0.9 to 28 thousand non-embedding parameters, " +
		"but 17 to 127 thousand in all, because most are embeddings of 2,048 kinds of token. Three learning rates, three " +
		"seeds, 0.8 to 2 million tokens of State of the Union speeches; minutes to tens of minutes on a laptop's GPU. " +
		"Theory expects the exponent of N* to come out near 0.5 in total parameters and clearly above in non-embedding ones.",
	study: validateStudy({
		name: "reconcile",
		corpora: ["sotu"],
		vocabularies: [2048],
		context: 16,
		sizes: [
			{ width: 8, layers: 1, heads: 1, tokens: 800_000 },
			{ width: 12, layers: 1, heads: 1, tokens: 1_000_000 },
			{ width: 20, layers: 1, heads: 1, tokens: 1_400_000 },
			{ width: 32, layers: 1, heads: 2, tokens: 2_000_000 },
			{ width: 48, layers: 1, heads: 3, tokens: 1_500_000 },
		],
		learningRates: [0.003, 0.006, 0.012],
		seeds: [1, 2, 3],
		schedules: [{ kind: "constant", warmupSteps: 20 }],
		batchSequences: [16],
	}),
};

// The paper states N_T, not shapes. These grow in depth with width so that ln N_\E rises 2.9 times as fast as ln N_T
// over the range, which is what the paper's own pair of exponents implies: from N* ∝ C_T^0.49 along N_\E ∝ N_T^s,
// 0.49·s / (0.49·s + 0.51) is its 0.74 at s = 2.96.
const paper: Preset = {
	id: "paper",
	title: "The paper's own experiment",
	description:
		"Experiment 1 of Pearce & Song at full size: N_T of 0.8, 1.6, 2.1, 3.4 and 4.6 million parameters, GPT-2's 50,257 " +
		"kinds of token, context 16, 65,536 tokens in every step, 4,000 steps for the smallest to 8,000 for the largest, " +
		"four learning rates, no annealing (after a warm-up of 100 steps, which the paper does not state). Days on a " +
		"laptop's GPU. It sees up to 520 million tokens, so bring your own, larger text: the speeches would be repeated " +
		"hundreds of times.",
	study: validateStudy({
		name: "paper",
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
	}),
};

/** From the shortest to the longest. */
export const presets: readonly Preset[] = [smoke, minute, reconcile, paper];
