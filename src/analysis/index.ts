export { analyseStudy, comparableRuns } from "./analyse-study.ts";
export type { CurveRun } from "./curve-run.ts";
export type { Estimate, Fit, FitPoint, LeftOut } from "./fit.ts";
export type {
	AnalysisOptions,
	ChosenRate,
	Convention,
	ConventionFit,
	FrontierPoint,
	StudyAnalysis,
} from "./study-analysis.ts";
