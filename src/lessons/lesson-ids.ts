/** The lessons in their order; links name them. */
export const LESSON_IDS = [
	"power-laws",
	"loss-curve",
	"envelope",
	"counting",
	"valleys",
	"annealing",
	"repeated-data",
	"forecast",
] as const;

export type LessonId = (typeof LESSON_IDS)[number];
