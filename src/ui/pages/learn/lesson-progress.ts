import { LESSON_IDS, type LessonId } from "../../../lessons/lesson-ids.ts";

type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEY = "isoflop-lessons";

/** The lessons that were done in this browser, from question to answer. What is stored otherwise is ignored. */
export function readDone(storage: Memory): ReadonlySet<LessonId> {
	const stored = (storage.getItem(KEY) ?? "").split(" ");
	return new Set(LESSON_IDS.filter((id) => stored.includes(id)));
}

export function storeDone(storage: Memory, done: ReadonlySet<LessonId>): void {
	if (done.size === 0) storage.removeItem(KEY);
	else storage.setItem(KEY, [...done].join(" "));
}
