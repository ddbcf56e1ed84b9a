import { annealing } from "./annealing.ts";
import { counting } from "./counting.ts";
import { envelope } from "./envelope.ts";
import { forecast } from "./forecast.ts";
import type { Lesson } from "./lesson.ts";
import type { LessonId } from "./lesson-ids.ts";
import { lossCurve } from "./loss-curve.ts";
import { powerLaws } from "./power-laws.ts";
import { repeatedData } from "./repeated-data.ts";
import { valleys } from "./valleys.ts";

/** The lessons, in their order. */
export const LESSONS: readonly Lesson[] = [
	...[powerLaws, lossCurve, envelope, counting],
	...[valleys, annealing, repeatedData, forecast],
];

/** The lesson of an id. */
export function lessonOf(id: LessonId): Lesson {
	return LESSONS.find((lesson) => lesson.id === id)!;
}
