import { initialProgress, plannedProgress, reduceProgress, type StudyProgress } from "../../study/progress.ts";
import type { LabAction } from "./lab-action.ts";

/** Training of the study, and where its runs stand. */
export interface WorkState {
	/** What the lab is at; `reading`: training has ended, and its stored results are being read. */
	readonly activity: "idle" | "running" | "paused" | "stopping" | "reading";
	readonly progress: StudyProgress;
}

export const initialWork: WorkState = { activity: "idle", progress: initialProgress };

export function reduceWork(state: WorkState, action: LabAction): WorkState {
	switch (action.type) {
		case "study-planned":
		case "results-read":
			return { activity: "idle", progress: plannedProgress(action.plan.runs, action.stored) };
		case "study-not-planned":
			return initialWork;
		case "run-started":
		case "run-resumed":
			return { ...state, activity: "running" };
		case "run-paused":
			return { ...state, activity: "paused" };
		case "run-stopping":
			return { ...state, activity: "stopping" };
		case "events-received":
			return { ...state, progress: action.events.reduce(reduceProgress, state.progress) };
		case "results-reading":
			return { ...state, activity: "reading" };
		default:
			return state;
	}
}
