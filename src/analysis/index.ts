export { analyseStudy, comparableRuns } from "./analyse-study.ts";
export { annealingCurve, fitAnnealing, scheduleAreas } from "./annealing-law.ts";
export { fitCriticalBatch, fitCriticalBatchOfLoss } from "./critical-batch.ts";
export { curvesCsv, fitsCsv, frontierCsv, runsCsv } from "./csv.ts";
export { CURVE_FAMILIES, type CurveFamily } from "./curve-families.ts";
export { curveFamilyValue, fitCurveFamily } from "./curve-family-fit.ts";
export type { CurveRun } from "./curve-run.ts";
export { fitDataConstrained } from "./data-constrained-fit.ts";
export { dataConstrainedLaw, MUENNIGHOFF_C4 } from "./data-constrained-law.ts";
export type { Estimate, Fit, FitPoint, Health, LeftOut } from "./fit.ts";
export { type FitPointsOptions, fitPoints, type PointsAnalysis } from "./fit-points.ts";
export { noiseScale } from "./gradient-noise.ts";
export { compareOnHeldOutScale } from "./held-out-scale.ts";
export { fitHyperparameterLaw, hyperparameterAt, PORIAN_HYPERPARAMETERS } from "./hyperparameter-laws.ts";
export { fitKaplan, KAPLAN } from "./kaplan-law.ts";
export type { LawFitOptions, LossLaw } from "./loss-law.ts";
export { fitMethod3, METHOD_3, method3Allocation } from "./method3.ts";
export { suggestNextRun } from "./next-run.ts";
export type { Point } from "./point.ts";
export { preparePoints } from "./prepare-points.ts";
export { PUBLISHED_FITS, type PublishedFit, type PublishedValue } from "./published.ts";
export { fitRosenfeld, rosenfeldLaw } from "./rosenfeld-law.ts";
export { fitSingleVariable, singleVariableLaw } from "./single-variable-laws.ts";
export type {
	AnalysisOptions,
	ChosenRate,
	Convention,
	ConventionFit,
	FrontierPoint,
	StudyAnalysis,
} from "./study-analysis.ts";
export { coefficientTable, type TableCell, type TableRow } from "./table.ts";
