import { defineExperiment } from "../experiment.ts";
import { CLASS, FULL, QUICK, sizesOfWidths, threeSizes } from "./common.ts";

/** A novel of the century that most of the speeches are from, and prose of 1611. */
const evaluations = ["moby-dick", "king-james-bible"];
const branches = (warmupSteps: number) => [{ kind: "wsd", warmupSteps, cooldown: "linear", cooldownShare: 0.2 }];

export const shift = defineExperiment({
	id: "shift",
	title: "Another text",
	question: "Does a model that gets better on its own text get better on another one at the same rate?",
	source: "Kaplan et al. 2020, section 3.2.2",
	found: "Yes: on other texts the loss is higher by a constant offset, and falls in step.",
	limits: "Three texts; each offset belongs to its pair.",
	presets: threeSizes("shift", {
		quick: {
			description:
				"Four sizes at four lengths, trained on speeches, judged on speeches, on Moby-Dick and on the King James Bible.",
			document: {
				...QUICK,
				evaluations,
				sizes: sizesOfWidths([8, 16, 24, 32]),
				...{ tokens: [150_000, 300_000, 600_000, 1_200_000], learningRates: [0.003], seeds: [1, 2] },
				schedules: branches(20),
			},
		},
		class: {
			description: "Five sizes at five lengths up to 4.8 million tokens, a vocabulary of 2,048.",
			document: {
				...CLASS,
				evaluations,
				sizes: sizesOfWidths([8, 16, 24, 32, 48]),
				tokens: [300_000, 600_000, 1_200_000, 2_400_000, 4_800_000],
				...{ learningRates: [0.003], seeds: [1, 2] },
				schedules: branches(20),
			},
		},
		full: {
			description: "Six sizes at five lengths up to 80 million tokens, a vocabulary of 8,192.",
			document: {
				...FULL,
				evaluations,
				sizes: sizesOfWidths([16, 32, 48, 64, 96, 128]),
				...{ tokens: [5e6, 1e7, 2e7, 4e7, 8e7], learningRates: [0.002], seeds: [1] },
				schedules: branches(100),
			},
		},
	}),
});
