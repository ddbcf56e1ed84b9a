import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";

/** Shows the progress of a study while it trains. */
export interface ProgressView {
	/** @param state the progress after `event` */
	show(state: StudyProgress, event: StudyEvent): void;
	/** Stops drawing. Lines may be written afterwards. */
	close(): void;
}
