import { fitOffsetPowerLaw, type OffsetPowerLaw } from "./offset-power-law.ts";
import { fitPowerLaw, type PowerLaw } from "./power-law.ts";

/** The laws fitted to one set of optima; each is null when the points do not determine it. */
export interface ScalingLaws {
	allocation: PowerLaw | null;
	tokens: PowerLaw | null;
	lossNoOffset: PowerLaw | null;
	lossWithOffset: OffsetPowerLaw | null;
}

/** The points that the laws are fitted to, in natural logs; columns of equal length. */
export interface ScalingLawPoints {
	/** ln C, ln N* and ln D*, and the indices of the sizes that each point comes from. */
	optimum: { logFlops: number[]; logParameters: number[]; logTokens: number[]; sizes: number[][] };
	/** ln C and ln L*, and the index of the size that attains it. */
	loss: { logFlops: number[]; logLoss: number[]; size: number[] };
}

/**
 * Fits all laws; `tolerance` is the relative precision of γ in the law with an offset.
 *
 * @param weights of the optima, in the laws of N* and D*
 */
export function fitScalingLaws(
	{ optimum, loss }: ScalingLawPoints,
	tolerance?: number,
	weights?: readonly number[],
): ScalingLaws {
	return {
		allocation: fitPowerLaw(optimum.logFlops, optimum.logParameters, weights),
		tokens: fitPowerLaw(optimum.logFlops, optimum.logTokens, weights),
		lossNoOffset: fitPowerLaw(loss.logFlops, loss.logLoss),
		lossWithOffset: fitOffsetPowerLaw(loss.logFlops, loss.logLoss.map(Math.exp), tolerance),
	};
}
