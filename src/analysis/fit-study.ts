import type { AnalysisOptions, StudyAnalysis } from "./method1/study-analysis.ts";
import { METHODS } from "./methods/registry.ts";
import type { CurveRun } from "./points/curve-run.ts";

/** Fits the runs of a study by the first method of the registry that takes runs, in both conventions. */
export function fitStudy(runs: readonly CurveRun[], options?: AnalysisOptions): StudyAnalysis {
	const method = METHODS.find((candidate) => candidate.fitStudy !== undefined)!;
	return method.fitStudy!(runs, options);
}
