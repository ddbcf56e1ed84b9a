import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { CorpusInfo } from "../../data/corpus.ts";
import type { Plan } from "../../study/plan.ts";
import { initialProgress, type StudyProgress } from "../../study/progress.ts";
import type { Study } from "../../study/study.ts";
import type { StudyProblem } from "../../study/study-error.ts";
import type { Tuning } from "../../worker/protocol.ts";

/** What the controls can do now. */
export type Phase = "preparing" | "ready" | "running" | "paused" | "stopping";

/** Something to tell: what is wrong or new, and what to do. */
export interface Notice {
	kind: "error" | "info";
	title: string;
	text: string;
}

/** All the page shows. Replaced as a whole, never changed in place. */
export interface LabState {
	readonly phase: Phase;
	readonly adapter: string;
	readonly corpora: readonly CorpusInfo[];
	/** The picked preset, or null for a study of one's own. */
	readonly preset: string | null;
	/** The last valid study. */
	readonly study: Study;
	/** The document in the editor, valid or not. */
	readonly draft: unknown;
	/** Why the document cannot run. */
	readonly studyError: StudyProblem | null;
	readonly plan: Plan | null;
	readonly progress: StudyProgress;
	readonly analysis: StudyAnalysis | null;
	/** Seconds that the missing runs will take, by the adapter's last study; null while unknown. */
	readonly estimate: number | null;
	/** What was measured of the kernels on this adapter; null before. */
	readonly tuning: Tuning | null;
	/** Whether that is being measured anew. */
	readonly measuring: boolean;
	readonly notice: Notice | null;
	/** For the live region: changes that matter, in a sentence. */
	readonly announcement: string;
}

/** The state before anything is known. */
export function initialState(preset: string, study: Study): LabState {
	return {
		phase: "preparing",
		adapter: "",
		corpora: [],
		preset,
		study,
		draft: study,
		studyError: null,
		plan: null,
		progress: initialProgress,
		analysis: null,
		estimate: null,
		tuning: null,
		measuring: false,
		notice: null,
		announcement: "",
	};
}

/** Whether every run of the study is finished and stored. */
export function isComplete(state: LabState): boolean {
	return state.progress.runs.length > 0 && state.progress.runs.every((run) => run.result !== undefined);
}

/** How many runs are finished and stored. */
export function finishedCount(state: LabState): number {
	return state.progress.runs.filter((run) => run.result !== undefined).length;
}
