import { expect, test } from "vitest";
import { coverage, METHODS, type Method, STUDIES } from "../coverage-study.ts";

// A small part of the measurement in docs/coverage.md, with fixed seeds.
const STUDIES_OF_EACH: Record<Method, number> = { "Method 1": 60, "Method 2": 60, "Method 3": 30 };

test.each(METHODS)(
	"%s: the 90 % interval of a holds the truth about as often as it says",
	{ timeout: 120_000 },
	(method) => {
		const shares = [STUDIES[0]!, STUDIES[3]!].map(
			(study) => coverage(study, STUDIES_OF_EACH[method], 100, [method])[method],
		);
		for (const { covered, determined } of shares) {
			expect(covered).toBeGreaterThanOrEqual(0.8);
			expect(determined).toBe(1);
		}
		// An interval that always holds it would be no measurement: the two kinds together must miss sometimes.
		expect((shares[0]!.covered + shares[1]!.covered) / 2).toBeLessThan(0.99);
	},
);
