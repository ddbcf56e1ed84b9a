import type { Cooldown } from "../../run/choices.ts";
import type { StudySchedule } from "../../study/study-schedule.ts";

/** Kinds of schedules as a reader picks them. */
export const FAMILIES = [
	"constant",
	"cosine",
	"wsd-linear",
	"wsd-1-sqrt",
	"linear",
	"inverse-sqrt",
	"piecewise",
] as const;
export type Family = (typeof FAMILIES)[number];

/** Where a fork leaves its trunk, and how its rate falls from there. */
export interface CardTail {
	/** The share of the trunk's steps that they have in common. */
	readonly after: number;
	/** Training tokens of the trunk; null for those of the comparison. */
	readonly tokens: number | null;
	readonly form: Cooldown;
	/** The share of the peak that the rate falls to. */
	readonly floor: number;
}

/** A schedule of a comparison. It keeps the settings that its family does not use, for when another is picked. */
export interface Card {
	/** Tells it from the others, also after they have changed. */
	readonly id: number;
	/** What the reader calls it; absent: what it does. 1 to `MAX_NAME` printable characters. */
	readonly name?: string;
	readonly family: Family;
	/** The highest learning rate. */
	readonly peak: number;
	readonly warmupSteps: number;
	/** WSD: the share of the run after which the rate falls. */
	readonly decayStart: number;
	/** The share of the peak that the rate falls to. */
	readonly floor: number;
	/** Piecewise: (share of the run, share of the peak), the former rising from 0 to 1. */
	readonly points: readonly (readonly [number, number])[];
	/** Training tokens; null for those of the comparison. */
	readonly tokens: number | null;
	/** Of a fork, whose trunk has the settings above. */
	readonly tail?: CardTail;
}

/** What is compared: two to eight schedules on one model, text and set of seeds. */
export interface Comparison {
	readonly size: { readonly width: number; readonly layers: number; readonly heads: number };
	readonly corpus: string;
	readonly vocabulary: number;
	/** Training tokens of the schedules without a budget of their own. */
	readonly tokens: number;
	/** Sequences per step. */
	readonly batch: number;
	/** How many seeds; they are 1, 2, 3 … */
	readonly seeds: number;
	/** Whether an average of the weights is kept and evaluated. */
	readonly average: boolean;
	readonly cards: readonly Card[];
}

export const MIN_CARDS = 2;
export const MAX_CARDS = 8;
export const MAX_SEEDS = 8;
/** Most characters of a card's name. */
export const MAX_NAME = 60;
/** Most points of a piecewise schedule. */
export const MAX_POINTS = 32;

/** Tokens per sequence: longer than in the lab's presets, so that fewer steps are needed. */
export const CONTEXT = 32;

/** Training steps of a card. */
export function stepsOf({ tokens, batch }: Comparison, card: Card): number {
	return Math.ceil((card.tokens ?? tokens) / (batch * CONTEXT));
}

/** Training steps of a fork's trunk; of another card its own. */
export function trunkStepsOf(comparison: Comparison, card: Card): number {
	return stepsOf(comparison, card.tail ? { ...card, tokens: card.tail.tokens } : card);
}

/** A card's schedule as the study of its comparison has it. */
export function scheduleIn(comparison: Comparison, card: Card): StudySchedule {
	const schedule = scheduleOf(card);
	if (!schedule.tail) return schedule;
	const [own, trunk] = [card.tokens, card.tail!.tokens].map((tokens) => tokens ?? comparison.tokens);
	return own === trunk ? schedule : { ...schedule, tail: { ...schedule.tail, trunkTokens: trunk! } };
}

/** A card's schedule; a fork's for a run of its trunk's length. */
export function scheduleOf(card: Card): StudySchedule {
	const { tail } = card;
	const trunk = trunkOf(card);
	return tail ? { ...trunk, tail: { afterShare: tail.after, cooldown: tail.form, floor: tail.floor } } : trunk;
}

function trunkOf({ family, warmupSteps, decayStart, floor, points }: Card): StudySchedule {
	switch (family) {
		case "constant":
			return { kind: "constant", warmupSteps };
		case "piecewise":
			return { kind: "piecewise", warmupSteps, points };
		case "wsd-linear":
		case "wsd-1-sqrt": {
			const cooldown = family === "wsd-linear" ? "linear" : "1-sqrt";
			return { kind: "wsd", warmupSteps, floor, cooldown, cooldownShare: Number((1 - decayStart).toFixed(6)) };
		}
		default:
			return { kind: family, warmupSteps, floor };
	}
}
