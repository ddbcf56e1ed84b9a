import type { LessonId } from "../../../lessons/lesson-ids.ts";

/** Where a lesson is, to read or to present. */
export function lessonAddress(lesson: LessonId, present = false): string {
	return `#/learn?lesson=${lesson}${present ? "&present=on" : ""}`;
}
