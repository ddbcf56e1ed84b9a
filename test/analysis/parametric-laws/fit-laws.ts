import type { Fit } from "../../../src/analysis/fitting/fit.ts";
import { fitParametricLaw } from "../../../src/analysis/fitting/fit-parametric-law.ts";
import type { LawFitOptions } from "../../../src/analysis/fitting/parametric-law.ts";
import { KAPLAN } from "../../../src/analysis/parametric-laws/kaplan-law.ts";
import { METHOD_3 } from "../../../src/analysis/parametric-laws/method3.ts";
import { rosenfeldLaw } from "../../../src/analysis/parametric-laws/rosenfeld-law.ts";
import type { Point } from "../../../src/analysis/points/point.ts";

/** Its estimate is a in N* ∝ C^a. */
export function fitMethod3(points: readonly Point[], options?: LawFitOptions): Fit {
	return fitParametricLaw(METHOD_3, points, options);
}

export function fitKaplan(points: readonly Point[], options?: LawFitOptions): Fit {
	return fitParametricLaw(KAPLAN, points, options);
}

export function fitRosenfeld(points: readonly Point[], options?: LawFitOptions & { vocabulary?: number }): Fit {
	return fitParametricLaw(rosenfeldLaw(options?.vocabulary), points, options);
}
