import type { Fit } from "../../../src/analysis/fitting/fit.ts";
import { fitParametricLaw } from "../../../src/analysis/fitting/fit-parametric-law.ts";
import type { LawFitOptions } from "../../../src/analysis/fitting/parametric-law.ts";
import { KAPLAN } from "../../../src/analysis/parametric-laws/kaplan-law.ts";
import { rosenfeldLaw } from "../../../src/analysis/parametric-laws/rosenfeld-law.ts";
import type { Point } from "../../../src/analysis/points/point.ts";

export function fitKaplan(points: readonly Point[], options?: LawFitOptions): Fit {
	return fitParametricLaw(KAPLAN, points, options);
}

export function fitRosenfeld(points: readonly Point[], options?: LawFitOptions & { vocabulary?: number }): Fit {
	return fitParametricLaw(rosenfeldLaw(options?.vocabulary), points, options);
}
