import type { Figure } from "../figures/figure.ts";
import type { RunResult } from "../run/run-result.ts";
import type { Plan } from "../study/plan.ts";

/** What a study's runs say about the question of its experiment. */
export interface Answer {
	/** What the runs show, in one or two sentences with their numbers. */
	readonly sentence: string;
	/** The one figure that answers the question; its table holds the numbers. */
	readonly figure: Figure;
	readonly warnings: readonly string[];
}

/** Answers the question of an experiment from runs of a study of it, all or the first of them. */
export type Answerer = (plan: Plan, runs: readonly RunResult[], options: AnswerOptions) => Answer;

export interface AnswerOptions {
	/** Draws behind each interval. */
	readonly resamples: number;
	/** Seeds the draws. */
	readonly seed: number;
	/** Nominal coverage of the intervals. */
	readonly interval: number;
}

export const ANSWER_OPTIONS: AnswerOptions = { resamples: 1000, seed: 42, interval: 0.9 };
