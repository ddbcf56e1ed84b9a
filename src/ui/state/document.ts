import type { CorpusInfo } from "../../data/corpus.ts";
import type { Plan } from "../../study/plan.ts";
import type { Study } from "../../study/study.ts";
import type { StudyProblem } from "../../study/study-error.ts";
import type { LabAction } from "./lab-action.ts";

/** The study document and what it comes to. */
export interface DocumentState {
	/** The last valid study. */
	readonly study: Study;
	/** The document in the editor, valid or not. */
	readonly draft: unknown;
	/** Why the document cannot run. */
	readonly error: StudyProblem | null;
	/** The texts that a study can name. */
	readonly corpora: readonly CorpusInfo[];
	/** The plan of `study`, or of the one before it until that is known; null before the first and after an error. */
	readonly plan: Plan | null;
	/** Whether the page chose the study by what this adapter finishes in about a minute. */
	readonly isFirst: boolean;
}

export function initialDocument(study: Study): DocumentState {
	return { study, draft: study, error: null, corpora: [], plan: null, isFirst: false };
}

export function reduceDocument(state: DocumentState, action: LabAction): DocumentState {
	switch (action.type) {
		case "corpora-listed":
			return { ...state, corpora: action.corpora };
		case "study-changed":
			return { ...state, study: action.study, draft: action.draft, error: null, isFirst: false };
		case "draft-rejected":
			return { ...state, draft: action.draft, error: action.error, isFirst: false };
		case "first-study-chosen":
			return { ...state, isFirst: true };
		case "study-planned":
		case "results-read":
			return { ...state, plan: action.plan };
		case "study-not-planned":
			return { ...state, plan: null, error: action.error };
		default:
			return state;
	}
}
