import { type LossLaw, lossAt } from "../../theory/loss-law.ts";
import { MUENNIGHOFF_C4 } from "../../theory/specifications.ts";
import { estimatesOf, type Fit } from "../fitting/fit.ts";
import { fitParametricLaw } from "../fitting/fit-parametric-law.ts";
import type { LawFitOptions } from "../fitting/parametric-law.ts";
import { type Point, usablePoints } from "../points/point.ts";
import { type Decay, dataConstrainedLaw } from "./data-constrained-law.ts";
import { fitMethod3, lossLawOf } from "./method3.ts";

export interface DataConstrainedOptions extends LawFitOptions {
	/**
	 * The law for tokens seen only once, held fixed. "published": Muennighoff et al.'s for C4. "fit": Method 3 fitted to
	 * the points with D ≤ U. Default: the published law, unless it is off by more than 0.25 in ln L on those points and
	 * they are enough to fit Method 3.
	 */
	base?: "published" | "fit" | LossLaw;
	/** Which resource loses value: repeated tokens, excess parameters or both. Default "both". */
	decay?: Decay;
}

/** Largest acceptable root-mean-square error, in ln L, of the published base on points with D ≤ U. */
const FAR = 0.25;

/**
 * Fits the data-constrained law. Its estimate is R_D*. If the points do not bound R_D*, the estimate is null and the
 * reason gives the profile interval: the objective then has several minima, and no single one is the answer.
 */
export function fitDataConstrained(points: readonly Point[], options: DataConstrainedOptions = {}): Fit {
	const { base, warning } = chooseBase(points, options);
	const fit = fitParametricLaw(dataConstrainedLaw(base, options.decay), points, options);
	return warning ? { ...fit, warnings: [...fit.warnings, warning] } : fit;
}

function chooseBase(
	points: readonly Point[],
	options: DataConstrainedOptions,
): { base: LossLaw; warning: string | null } {
	const { base } = options;
	if (typeof base === "object") return { base, warning: null };
	const published = {
		base: MUENNIGHOFF_C4,
		warning: "E, A, B, α and β are Muennighoff et al.'s for C4, not of these points.",
	};
	if (base === "published") return published;
	const { used } = usablePoints(points, ["parameters", "tokens", "uniqueTokens"]);
	const once = used.filter(({ tokens, uniqueTokens }) => tokens <= uniqueTokens! * (1 + 1e-9));
	const off = rootMeanSquare(
		once.map((point) => Math.log(lossAt(MUENNIGHOFF_C4, point.parameters, point.tokens) / point.loss)),
	);
	if (base === undefined && !(off > FAR)) return published;
	const fit = fitMethod3(once, options);
	if (fit.estimate === null) return published;
	return {
		base: lossLawOf(estimatesOf(fit)),
		warning: `E, A, B, α and β are of Method 3 on the ${once.length} points that see each token once.`,
	};
}

function rootMeanSquare(values: readonly number[]): number {
	return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
