import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { LabAction } from "./lab-action.ts";

/** What the runs say so far. */
export interface ResultState {
	/** Null until there is a curve to analyze. */
	readonly analysis: StudyAnalysis | null;
}

export const initialResult: ResultState = { analysis: null };

export function reduceResult(state: ResultState, action: LabAction): ResultState {
	switch (action.type) {
		case "analyzed":
			return { analysis: action.analysis };
		case "study-planned":
		case "study-not-planned":
			return initialResult;
		case "results-read":
			return action.stored.some(({ curve }) => curve.loss.length > 0) ? state : initialResult;
		default:
			return state;
	}
}
