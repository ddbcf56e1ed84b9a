export { type FitPointsOptions, fitPoints, type PointsAnalysis } from "./fit-points.ts";
export type { Estimate, Fit, FitPoint, Health, LeftOut } from "./fitting/fit.ts";
export type { LawFitOptions, ParametricLaw } from "./fitting/parametric-law.ts";
export { analyseStudy, comparableRuns } from "./method1/analyse-study.ts";
export type {
	AnalysisOptions,
	ChosenRate,
	Convention,
	ConventionFit,
	EnvelopePoint,
	StudyAnalysis,
} from "./method1/study-analysis.ts";
export { fitDataConstrained } from "./parametric-laws/data-constrained-fit.ts";
export { dataConstrainedLaw } from "./parametric-laws/data-constrained-law.ts";
export { compareOnHeldOutScale } from "./parametric-laws/held-out-scale.ts";
export { fitKaplan, KAPLAN } from "./parametric-laws/kaplan-law.ts";
export { fitMethod3, METHOD_3 } from "./parametric-laws/method3.ts";
export { suggestNextRun } from "./parametric-laws/next-run.ts";
export { fitRosenfeld, rosenfeldLaw } from "./parametric-laws/rosenfeld-law.ts";
export { fitSingleVariable, singleVariableLaw } from "./parametric-laws/single-variable-laws.ts";
export type { CurveRun } from "./points/curve-run.ts";
export type { Point } from "./points/point.ts";
export { preparePoints } from "./points/prepare-points.ts";
export { curvesCsv, fitsCsv, frontierCsv, runsCsv } from "./reports/csv.ts";
export { PUBLISHED_FITS, type PublishedFit, type PublishedValue } from "./reports/published.ts";
export { coefficientTable, type TableCell, type TableRow } from "./reports/table.ts";
export { annealingCurve, fitAnnealing, scheduleAreas } from "./training-laws/annealing-law.ts";
export { fitCriticalBatch, fitCriticalBatchOfLoss } from "./training-laws/critical-batch.ts";
export { CURVE_FAMILIES, type CurveFamily } from "./training-laws/curve-families.ts";
export { curveFamilyValue, fitCurveFamily } from "./training-laws/curve-family-fit.ts";
export { noiseScale } from "./training-laws/gradient-noise.ts";
export { fitHyperparameterLaw, hyperparameterAt, PORIAN_HYPERPARAMETERS } from "./training-laws/hyperparameter-laws.ts";
