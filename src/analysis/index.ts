import type { CurveRun } from "./curve-run.ts";
import type { AnalysisOptions, StudyAnalysis } from "./study-analysis.ts";

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

/** Fits a study's runs, finished (`RunResult`) or still training, by Chinchilla's Method 1 in both conventions. */
export declare function analyseStudy(runs: readonly CurveRun[], options?: AnalysisOptions): StudyAnalysis;
