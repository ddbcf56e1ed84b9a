import { estimatesOf, type Fit } from "../fitting/fit.ts";
import { METHOD_3 } from "../parametric-laws/method3.ts";
import { type NextRun, suggestNextRun } from "../parametric-laws/next-run.ts";
import type { Point } from "../points/point.ts";
import { defineMethod } from "./fit-method.ts";
import { fitLawReport, type LawReport, lawReading } from "./parametric-law-report.ts";

export const method3 = defineMethod({
	id: "3",
	title: METHOD_3.title,
	needs: "five or more points with three or more sizes and three or more lengths",
	law: () => METHOD_3,
	fit(points, options): { method3: LawReport; nextRuns: NextRun[] } {
		const method3 = fitLawReport(METHOD_3, points, options);
		return { method3, nextRuns: nextRuns(points.points, method3) };
	},
	readings: ({ method3 }) => (method3 ? [lawReading("Method 3", method3, METHOD_3)] : []),
});

/** Suggested runs must narrow the interval by at least this share of what the best one achieves. */
const WORTHWHILE = 0.5;
const MOST_NEXT_RUNS = 5;

function nextRuns(points: readonly Point[], fit: Fit): NextRun[] {
	if (fit.estimate === null) return [];
	const runs = suggestNextRun(METHOD_3, points, estimatesOf(fit));
	const most = runs.reduce((best, { narrowing }) => Math.max(best, narrowing), 0);
	return runs.filter(({ narrowing }) => narrowing >= WORTHWHILE * most).slice(0, MOST_NEXT_RUNS);
}
