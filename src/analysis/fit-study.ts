import type { AnalysisOptions, StudyAnalysis } from "./method1/study-analysis.ts";
import { METHODS } from "./methods/registry.ts";
import type { CurveRun } from "./points/curve-run.ts";

/** Fits a study's runs in both conventions, by the first registered method that supports it. */
export function fitStudy(runs: readonly CurveRun[], options?: AnalysisOptions): StudyAnalysis {
	const method = METHODS.find((candidate) => candidate.fitStudy !== undefined)!;
	return method.fitStudy!(runs, options);
}
