import type { Figure } from "../figures/figure.ts";
import type { LessonId } from "./lesson-ids.ts";

/**
 * One lesson: a short text, a question to answer before looking, and a figure that answers it. Texts, that of the question
 * included, hold TeX between dollar signs; a paragraph that is `$$…$$` is a formula of its own.
 */
export interface Lesson {
	readonly id: LessonId;
	readonly title: string;
	readonly text: readonly string[];
	readonly sources: readonly Source[];
	readonly question: Question;
	/** What the figure is drawn from that chance may change, as a button that draws again; null without any. */
	readonly chance: string | null;
	/**
	 * What there is to see.
	 *
	 * @param guess the reader's answer: a number, or the index of a choice; null for who did not give one
	 * @param round how often the reader has asked for other seeds
	 */
	readonly answer: (guess: number | null, round: number) => LessonAnswer;
	/** Why it is so; shown with the answer. */
	readonly explanation: readonly string[];
	/** Places of the lab where there is more of it. */
	readonly more?: readonly Source[];
	readonly practice: Practice;
}

export interface Source {
	readonly text: string;
	readonly url: string;
}

export type Question = NumberQuestion | ChoiceQuestion;

/** A number on a slider. */
export interface NumberQuestion {
	readonly kind: "number";
	readonly text: string;
	/** Names the slider. */
	readonly label: string;
	readonly min: number;
	readonly max: number;
	/** Along the slider: of the value, or of its decimal logarithm. */
	readonly step: number;
	/** Where the slider stands before it is moved. */
	readonly start: number;
	readonly scale: "linear" | "log";
	readonly format: (value: number) => string;
}

export interface ChoiceQuestion {
	readonly kind: "choice";
	readonly text: string;
	readonly label: string;
	readonly options: readonly string[];
}

export interface LessonAnswer {
	readonly figure: Figure;
	/** What is so, and how far off the guess was. */
	readonly verdict: string;
	/** Texts that belong to places of the figure. */
	readonly pins?: readonly Pin[];
}

/** A text pinned to a place of the figure, which shows its number. */
export interface Pin {
	readonly label: string;
	readonly text: string;
}

/** A study of the lab that shows the same, and what to look for. */
export interface Practice {
	/** Preset id. */
	readonly preset: string;
	readonly task: string;
}
