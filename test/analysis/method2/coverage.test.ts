import { expect, test } from "vitest";
import { ISO_FLOP_QUANTITIES, ISO_FLOP_STUDIES, isoFlopCoverage } from "../iso-flop-coverage.ts";

// A small part of the measurement in docs/coverage.md, with fixed seeds.
const STUDIES = 100;

test("the 90 % intervals of IsoFLOP studies hold the truth about as often as they say, by each method", () => {
	const study = ISO_FLOP_STUDIES.find(({ seeds }) => seeds === 3)!;
	const found = isoFlopCoverage(study, STUDIES, 100);
	for (const [method, quantities] of Object.entries(found))
		for (const name of ISO_FLOP_QUANTITIES) {
			const { covered, determined, holdsEstimate } = quantities[name]!;
			// The minimum of a curve through every loss has no interval.
			if (/Akima|noise/.test(method) && /L/.test(name)) {
				expect(determined, `${method}, ${name}`).toBe(0);
				continue;
			}
			expect(determined, `${method}, ${name}`).toBe(1);
			expect(holdsEstimate, `${method}, ${name}`).toBe(1);
			expect(covered, `${method}, ${name}`).toBeGreaterThanOrEqual(0.78);
			expect(covered, `${method}, ${name}`).toBeLessThanOrEqual(0.99);
		}
	// A run scatters by 0.5 %, as one loss, not as the mean of three or the residual of a law through such means.
	for (const method of ["Method 2, parabola", "Method 3"] as const)
		expect(found[method]["a run's L"]!.width).toBeGreaterThan(3 * study.noise);
});
