import type { LabAction, Notice } from "./lab-action.ts";

/** What the shell tells people. */
export interface MessagesState {
	readonly notice: Notice | null;
	/** For the live region: changes that matter, in a sentence. */
	readonly announcement: string;
}

export const initialMessages: MessagesState = { notice: null, announcement: "" };

export function reduceMessages(state: MessagesState, action: LabAction): MessagesState {
	switch (action.type) {
		case "told":
			return { notice: action.notice ?? state.notice, announcement: action.announcement };
		case "notice-dismissed":
		case "study-changed":
			return state.notice ? { ...state, notice: null } : state;
		case "run-started":
			return { notice: null, announcement: "Training has started." };
		case "run-paused":
			return { ...state, announcement: "Paused." };
		case "run-resumed":
			return { ...state, announcement: "Resumed." };
		default:
			return state;
	}
}
