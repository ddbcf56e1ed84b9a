import { canonicalJson } from "../../run/canonical-json.ts";
import { SCHEDULES } from "../../run/choices.ts";
import { stepAtShare } from "../../run/schedule.ts";
import { FORK_SHARES } from "../../study/moments.ts";
import { type Card, type Comparison, MAX_CARDS, MIN_CARDS, stepsOf } from "./comparison.ts";

/** Changes one card, and the forks whose trunk it is; the others stay the same objects. */
export function changeCard(comparison: Comparison, id: number, change: Partial<Card>): Comparison {
	const trunk = comparison.cards.find((card) => card.id === id);
	const isFork = (card: Card) => !!trunk && !trunk.tail && !!card.tail && trunkKey(card) === trunkKey(trunk);
	const { family, peak, warmupSteps, decayStart, floor, points, tokens } = { ...trunk!, ...change };
	const followed = (card: Card): Card => {
		const fork = { ...card, family, peak, warmupSteps, decayStart, floor, points };
		return { ...fork, tail: { ...card.tail!, tokens } };
	};
	return {
		...comparison,
		cards: comparison.cards.map((card) => {
			if (card.id === id) return { ...card, ...change };
			return isFork(card) ? unlessEqual(card, followed(card)) : card;
		}),
	};
}

/** Equal for a card and its forks. */
function trunkKey({ family, peak, warmupSteps, decayStart, floor, points, tokens, tail }: Card): string {
	return canonicalJson([family, peak, warmupSteps, decayStart, floor, points, tail ? tail.tokens : tokens]);
}

function unlessEqual(before: Card, after: Card): Card {
	return canonicalJson(before) === canonicalJson(after) ? before : after;
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

/** Whether a card has a moment that another tail can leave it at. A fork is not forked again. */
export function isForkable(comparison: Comparison, card: Card): boolean {
	return !card.tail && stepAtShare(forkShare(card), stepsOf(comparison, card)) >= 1;
}

/**
 * Where a fork of a card begins at first, as a share of its steps: in the middle of what is constant, or of the run, at the nearest
 * of the given shares.
 *
 * @param shares those whose moments are kept; where there are none, they are as good as any
 */
export function forkShare(card: Card, shares: readonly number[] = FORK_SHARES): number {
	if (card.family === "constant") return 0.6;
	const middle = isWsd(card) ? card.decayStart / 2 : 0.5;
	const choices = shares.length > 0 ? shares : FORK_SHARES;
	return choices.reduce((best, share) => (Math.abs(share - middle) < Math.abs(best - middle) ? share : best));
}

/**
 * Another tail of a card: a card that shares its steps up to a share of them, and then falls to 0. That of a constant rate is a WSD
 * schedule.
 *
 * @returns the same comparison for a card that is a fork, or if there are as many cards as can be
 */
export function forkCard(comparison: Comparison, id: number, share?: number): Comparison {
	const card = comparison.cards.find((each) => each.id === id);
	if (!card || !isForkable(comparison, card)) return comparison;
	const after = share ?? forkShare(card);
	if (card.family === "constant")
		return duplicateCard(comparison, id, { name: undefined, family: "wsd-linear", decayStart: after, floor: 0 });
	const form = card.family === "wsd-1-sqrt" ? "1-sqrt" : "linear";
	return duplicateCard(comparison, id, { name: undefined, tail: { after, tokens: card.tokens, form, floor: 0 } });
}
