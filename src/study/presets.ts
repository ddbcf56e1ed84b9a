import type { Study } from "./study.ts";
import { validateStudy } from "./validate-study.ts";

/** A built-in study. */
export interface Preset {
	/** Names it on the command line and in links. */
	id: string;
	title: string;
	/** One paragraph. */
	description: string;
	study: Study;
}

// Each size trains until the next one has overtaken it under both parameter conventions, and not much longer.
const smoke: Preset = {
	id: "smoke",
	title: "Smoke test",
	description:
		"Three one-layer models on raw bytes, at two learning rates each: the smallest study that exercises every part " +
		"of the lab and yields two coefficients. Takes seconds on a GPU and about a minute without one. With three sizes " +
		"this small, the intervals are wide.",
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

// The budgets follow from where the loss curves of neighboring sizes cross. On the speeches with a vocabulary of 512,
// sizes a factor of 1.4 to 2 apart cross after 80 to 200 thousand tokens; later with a larger vocabulary, and later under
// C_\E than under C_T. Runs ten times as long would select learning rates that are still slow at that point, and the
// crossings would then measure how fast a size starts to learn rather than what it can learn. Small batches shorten
// that initial phase. One layer each: depth adds to N_\E but hardly to N_T, and would push the crossings out of reach.
const minute: Preset = {
	id: "minute",
	title: "One minute",
	description:
		"For a classroom: five models with 2 to 20 thousand parameters, four learning rates, three seeds, and up to 450 " +
		"thousand tokens each of State of the Union speeches with a vocabulary of 512. Takes about a minute on a laptop " +
		"GPU. The two ways of counting parameters give different exponents; the intervals show how far apart they are, " +
		"and how certain that is.",
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
		"The first experiment of Pearce & Song in miniature: five models with 0.9 to 28 thousand non-embedding " +
		"parameters but 17 to 127 thousand in total, because most are embeddings for a vocabulary of 2,048. Three " +
		"learning rates, three seeds, and 0.8 to 2 million tokens of State of the Union speeches; minutes to tens of " +
		"minutes on a laptop GPU. Theory predicts an exponent of N* near 0.5 in total parameters and clearly higher in " +
		"non-embedding parameters.",
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

// The paper gives N_T but not the shapes. Here depth grows with width so that ln N_\E rises 2.9 times as fast as ln N_T
// over the range, as the paper's own pair of exponents implies: from N* ∝ C_T^0.49 along N_\E ∝ N_T^s,
// 0.49·s / (0.49·s + 0.51) is its 0.74 at s = 2.96.
const paper: Preset = {
	id: "paper",
	title: "The paper's own experiment",
	description:
		"Experiment 1 of Pearce & Song at full size: 0.8, 1.6, 2.1, 3.4 and 4.6 million parameters (N_T), GPT-2's " +
		"vocabulary of 50,257, context 16, 65,536 tokens per step, from 4,000 steps for the smallest model to 8,000 for " +
		"the largest, four learning rates, and no annealing (after a warmup of 100 steps, which the paper does not " +
		"specify). Takes days on a laptop GPU. Runs read up to 520 million tokens, so provide a larger text: the speeches " +
		"would be repeated hundreds of times.",
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

/** The built-in studies, shortest first. */
export const presets: readonly Preset[] = [smoke, minute, reconcile, paper];
