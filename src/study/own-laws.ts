import { estimatesOf, type Fit } from "../analysis/fitting/fit.ts";
import { powerLawOf, spanOf } from "../analysis/method1/allocation-laws.ts";
import { lossLawOf } from "../analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../analysis/parametric-laws/rosenfeld-law.ts";
import { optimumOfLaw } from "../analysis/power-laws/predict.ts";
import { FLOPS_PER_PARAMETER } from "../architecture/flops.ts";
import type { AllocationLaw } from "../theory/published-laws.ts";
import type { FitsOfRuns } from "./fits-of-runs.ts";

/**
 * A study's own laws by Method 2, Method 3 and Rosenfeld's form, as the planner takes them: those that its runs determine. (By
 * Method 1: `studyLaws`.) None of exact FLOPs, since the planner takes C = 6·N·D.
 */
export function ownLaws({ counting, analysis, vocabulary }: FitsOfRuns): AllocationLaw[] {
	if (counting === "exact") return [];
	const about = (method: string, name: string) => ({
		...{ id: `study-${method}-${counting}`, label: `Your study, ${name}`, counting },
	});
	const { method2, method3, rosenfeld } = analysis;
	return [
		method2 ? powerLawOf(method2, about("2", "Method 2")) : null,
		method3 ? lossLaw(method3, about("3", "Method 3")) : null,
		rosenfeld ? rosenfeldsLaw(rosenfeld, vocabulary, about("rosenfeld", "Rosenfeld's form")) : null,
	].filter((law) => law !== null);
}

type About = Pick<AllocationLaw, "id" | "label" | "counting">;

function lossLaw(fit: Fit, about: About): AllocationLaw | null {
	if (fit.estimate === null) return null;
	return {
		...about,
		source: sourceOf(fit),
		rule: { kind: "parametric", law: lossLawOf(estimatesOf(fit)), interval: intervalOf(fit) },
		note: null,
		range: rangeOf(fit),
	};
}

/** Its loss grows with a sum of powers of N and D, so that its N* is a power of C, as Method 3's is. Its L* is none. */
function rosenfeldsLaw(fit: Fit, vocabulary: number, about: About): AllocationLaw | null {
	if (fit.estimate === null) return null;
	const range = rangeOf(fit);
	const flops = Math.sqrt(range.flops.from * range.flops.to);
	const best = optimumOfLaw(rosenfeldLaw(vocabulary), estimatesOf(fit), flops, FLOPS_PER_PARAMETER);
	if (!best) return null;
	return {
		...about,
		source: sourceOf(fit),
		rule: {
			kind: "power",
			anchor: { flops, parameters: best.parameters },
			...{ exponent: fit.estimate, interval: intervalOf(fit), loss: null },
		},
		note: "Its loss is no power law of C, so that none stands here.",
		range,
	};
}

function sourceOf({ method, points }: Fit): string {
	return `${method}; ${points.length} points`;
}

function intervalOf({ low, high, level }: Fit) {
	return low === null || high === null ? null : { low, high, level };
}

function rangeOf({ points }: Fit) {
	return {
		parameters: spanOf(points.map(({ x }) => x)),
		flops: spanOf(points.map(({ x, tokens }) => FLOPS_PER_PARAMETER * x * tokens!)),
	};
}
