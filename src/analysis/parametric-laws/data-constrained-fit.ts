import type { LossLaw } from "../../theory/loss-law.ts";
import { MUENNIGHOFF_C4 } from "../../theory/specifications.ts";
import type { Fit } from "../fitting/fit.ts";
import { fitParametricLaw } from "../fitting/fit-parametric-law.ts";
import type { LawFitOptions } from "../fitting/parametric-law.ts";
import { type Point, usablePoints } from "../points/point.ts";
import { jointDataConstrainedLaw } from "./data-constrained-joint.ts";
import { type Decay, dataConstrainedLaw } from "./data-constrained-law.ts";
import { lackingForTwoVariables } from "./method3.ts";

/**
 * Where E, A, B, α and β come from: fitted together with the decays, Muennighoff et al.'s for C4, or a law that is given.
 * Fixed ones are taken as exact, so the intervals are too narrow if they are not.
 */
export type Base = "joint" | "published" | LossLaw;

export interface DataConstrainedOptions extends LawFitOptions {
	/** Default "joint"; where the points are too few for that, "published". */
	base?: Base;
	/** Which resource loses value: repeated tokens, excess parameters or both. Default "both". */
	decay?: Decay;
}

/**
 * Fits the data-constrained law. Its estimate is R_D*. If the points do not bound R_D*, the estimate is null and the
 * reason gives the profile interval: the objective then has several minima, and no single one is the answer.
 */
export function fitDataConstrained(points: readonly Point[], options: DataConstrainedOptions = {}): Fit {
	const { base = "joint", decay } = options;
	if (typeof base === "object") return fitParametricLaw(dataConstrainedLaw(base, decay), points, options);
	const { used } = usablePoints(points, ["parameters", "tokens", "uniqueTokens"]);
	const lacking = base === "joint" && used.length > 0 ? lackingForTwoVariables(used, JOINT_PARAMETERS) : null;
	if (base === "joint" && lacking === null) return fitParametricLaw(jointDataConstrainedLaw(decay), points, options);
	const fit = fitParametricLaw(dataConstrainedLaw(MUENNIGHOFF_C4, decay), points, options);
	const why = lacking === null ? "" : `: ${lacking}`;
	const warning = `E, A, B, α and β are Muennighoff et al.'s for C4, not of these points${why}.`;
	return { ...fit, warnings: [...fit.warnings, warning] };
}

const JOINT_PARAMETERS = 7;
