import type { Count } from "../../architecture/counting.ts";
import type { Convention } from "../../architecture/flops.ts";
import { type InversePower, PF_DAY } from "../../theory/kaplan.ts";
import type { AllocationLaw } from "../../theory/published-laws.ts";
import type { Fit } from "../fitting/fit.ts";
import type { ScalingLawFits } from "../power-laws/scaling-law-fits.ts";
import type { StudyAnalysis } from "./study-analysis.ts";

const COUNTING: Record<Convention, Count> = { total: "total", nonEmbedding: "nonembedding" };

/**
 * A study's own laws N* = kN · C^a by Method 1, as the planner takes them, one for each convention that has a fit. Their range is that
 * of the fitted optima.
 */
export function studyLaws({ conventions }: StudyAnalysis): AllocationLaw[] {
	return (["total", "nonEmbedding"] as const).flatMap((convention) => {
		const counting = COUNTING[convention];
		const law = powerLawOf(conventions[convention], {
			...{ id: `study-${counting}`, label: "Your study, Method 1", counting },
		});
		return law ? [law] : [];
	});
}

/** The law N* = kN · C^a of some method, with its L* = k · C^−γ where it has one; null without an estimate. */
export function powerLawOf(
	{ allocation, lossNoOffset }: Pick<ScalingLawFits, "allocation" | "lossNoOffset">,
	about: Pick<AllocationLaw, "id" | "label" | "counting">,
): AllocationLaw | null {
	const { estimate: exponent, low, high, level, parameters, points } = allocation;
	const coefficient = parameters.kN?.estimate;
	if (exponent === null || coefficient === undefined || points.length === 0) return null;
	// On the line, in the middle of the points.
	const flops = Math.exp(points.reduce((sum, { x }) => sum + Math.log(x), 0) / points.length);
	const loss = inverse(lossNoOffset);
	return {
		...about,
		source: `${allocation.method}; ${points.length} points`,
		rule: {
			kind: "power",
			anchor: { flops, parameters: coefficient * flops ** exponent },
			exponent,
			interval: low === null || high === null ? null : { low, high, level },
			loss,
		},
		note: loss ? "The loss is L* = k · C^−γ, without a floor." : "The study has no law of the loss yet.",
		range: { parameters: spanOf(points.map(({ y }) => y)), flops: spanOf(points.map(({ x }) => x)) },
	};
}

/** L* = k · C^−γ with C in FLOP, as (scale / C)^γ with C in PF-days; null without a fall. */
function inverse({ estimate, parameters: { k } }: Fit): InversePower | null {
	if (estimate === null || !k || estimate <= 0) return null;
	const scale = k.estimate ** (1 / estimate) / PF_DAY;
	return Number.isFinite(scale) && scale > 0 ? { scale, exponent: estimate } : null;
}

export function spanOf(values: readonly number[]) {
	return { from: Math.min(...values), to: Math.max(...values) };
}
