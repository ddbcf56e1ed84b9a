/** The lessons in their order; links name them. */
export const LESSON_IDS = [
	...(["power-laws", "loss-curve", "envelope", "counting"] as const),
	...(["valleys", "annealing", "repeated-data", "forecast"] as const),
] as const;

export type LessonId = (typeof LESSON_IDS)[number];
