import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { Counting } from "../../architecture/counting.ts";
import type { FitsAnswer } from "../../worker/protocol.ts";
import type { LabAction } from "./lab-action.ts";

/** What the runs say so far. */
export interface ResultState {
	/** Null until there is a curve to analyze. */
	readonly analysis: StudyAnalysis | null;
	/** What every method makes of the finished runs, by the way of counting; each may be a few runs behind. */
	readonly fits: Partial<Record<Counting, FitsAnswer>>;
	/** How parameters and compute are counted in figures and tables. */
	readonly counting: Counting;
}

export const initialResult: ResultState = { analysis: null, fits: {}, counting: "total" };

export function reduceResult(state: ResultState, action: LabAction): ResultState {
	switch (action.type) {
		case "analyzed":
			return { ...state, analysis: action.analysis };
		case "runs-fitted":
			return { ...state, fits: { ...state.fits, [action.answer.counting]: action.answer } };
		case "counting-chosen":
			return { ...state, counting: action.counting };
		case "study-planned":
		case "study-not-planned":
			return { ...initialResult, counting: state.counting };
		case "results-read":
			return action.stored.some(({ curve }) => curve.loss.length > 0)
				? state
				: { ...initialResult, counting: state.counting };
		default:
			return state;
	}
}
