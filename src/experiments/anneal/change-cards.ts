import { SCHEDULES } from "../../run/choices.ts";
import { type Card, type Comparison, MAX_CARDS, MIN_CARDS, stepsOf } from "./comparison.ts";

/** Changes one card; the others stay the same objects. */
export function changeCard(comparison: Comparison, id: number, change: Partial<Card>): Comparison {
	return { ...comparison, cards: comparison.cards.map((card) => (card.id === id ? { ...card, ...change } : card)) };
}

/** Adds a copy of a card behind it; the same comparison if there are as many as can be. */
export function duplicateCard(comparison: Comparison, id: number, change: Partial<Card> = {}): Comparison {
	const { cards } = comparison;
	const at = cards.findIndex((card) => card.id === id);
	if (at < 0 || cards.length >= MAX_CARDS) return comparison;
	const copy = { ...cards[at]!, ...change, id: Math.max(...cards.map((card) => card.id)) + 1 };
	return { ...comparison, cards: [...cards.slice(0, at + 1), copy, ...cards.slice(at + 1)] };
}

/** The same comparison if there are as few cards as can be. */
export function removeCard(comparison: Comparison, id: number): Comparison {
	const { cards } = comparison;
	if (cards.length <= MIN_CARDS) return comparison;
	return { ...comparison, cards: cards.filter((card) => card.id !== id) };
}

/** Whether a family ends at a share of its peak that can be set. */
export function hasFloor({ family }: Card): boolean {
	return family.startsWith("wsd") || (family !== "piecewise" && SCHEDULES[family as "cosine"].falls);
}

export function isWsd({ family }: Pick<Card, "family">): boolean {
	return family === "wsd-linear" || family === "wsd-1-sqrt";
}

/** Steps before a card's rate first leaves its peak, warmup included; 0 where it falls from the start. */
export function trunkSteps(comparison: Comparison, card: Card): number {
	const steps = stepsOf(comparison, card);
	if (card.family === "constant") return steps;
	return isWsd(card) ? steps - Math.max(1, Math.round((1 - card.decayStart) * steps)) : 0;
}

/**
 * Another tail from a card's trunk: a card that shares its steps while the rate is constant, and then falls to 0. It leaves the
 * trunk at `share` of the run, or in the middle of what is constant.
 *
 * @returns the same comparison for a card without a constant part, or if there are as many cards as can be
 */
export function forkCard(comparison: Comparison, id: number, share?: number): Comparison {
	const card = comparison.cards.find((each) => each.id === id);
	if (!card) return comparison;
	const constant = trunkSteps(comparison, card) / stepsOf(comparison, card);
	if (constant === 0) return comparison;
	const decayStart = share ?? Number((constant === 1 ? 0.6 : constant / 2).toFixed(3));
	const family = card.family === "constant" ? "wsd-linear" : card.family;
	return duplicateCard(comparison, id, { family, decayStart, floor: 0 });
}
