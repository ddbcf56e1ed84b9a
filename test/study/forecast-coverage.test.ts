import { expect, test } from "vitest";
import { forecastCoverage } from "./forecast-study.ts";

test("intervals of the law that the runs obey hold about nine of ten losses; those of a law that is wrong do not", async () => {
	const counts = await forecastCoverage("cosine, 6 sizes, 4 lengths", 12);
	const method3 = counts.get("method3")!;
	expect(method3.runs).toBe(12);
	expect(method3.hits).toBeGreaterThanOrEqual(9);
	expect(method3.bestHits).toBeGreaterThanOrEqual(9);
	// As wide as runs scatter (by 0.4 %) and as far as the law is extrapolated, not wider.
	expect(method3.width / method3.runs).toBeLessThan(4);
	expect(counts.get("kaplan")!.hits).toBeLessThan(9);
});
