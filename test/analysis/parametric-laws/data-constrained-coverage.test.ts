import { expect, test } from "vitest";
import { DECAYS, REPETITION_STUDIES, repetitionCoverage } from "../data-constrained-coverage.ts";

// A small part of the measurement in docs/coverage.md, with fixed seeds.
test.each([
	{ study: REPETITION_STUDIES[1]!, studies: 30 },
	{ study: REPETITION_STUDIES[4]!, studies: 100 },
])(
	"the 90 % intervals of R_D* and R_N* hold the truth about as often as they say: $study.name",
	({ study, studies }) => {
		const found = repetitionCoverage(study, studies);
		for (const name of DECAYS) {
			expect(found[name].determined).toBe(1);
			expect(found[name].covered).toBeGreaterThanOrEqual(0.8);
			expect(found[name].covered).toBeLessThanOrEqual(0.99);
		}
	},
);
