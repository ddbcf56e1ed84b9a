/** How far a reader is with a lesson, until the page is closed. */
export interface LessonState {
	/** A number, or the index of a choice; null before one is given. */
	readonly guess: number | null;
	/** Whether the answer is shown. */
	readonly shown: boolean;
	/** How often other seeds were asked for. */
	readonly round: number;
}

export const UNTOUCHED: LessonState = { guess: null, shown: false, round: 0 };

/** Fired as `isoflop-lesson` by whatever changes the state. */
export type LessonChange = Partial<LessonState>;

export function tellChange(element: EventTarget, detail: LessonChange): void {
	element.dispatchEvent(new CustomEvent("isoflop-lesson", { detail, bubbles: true, composed: true }));
}
