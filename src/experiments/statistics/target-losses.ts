import type { LogCurve } from "../../analysis/points/log-curve.ts";
import { lowestLoss, tokensToLoss } from "./mean-curve.ts";

/** The share of the groups that must reach a target. */
const MOST = 2 / 3;
/** The shares of its tokens after which the fastest curve reaches the easier targets. */
const EASIER = [1 / 4, 1 / 2];

/**
 * Losses at which groups of curves can be compared, such as the learning rates of each batch size, highest first. The lowest is
 * reached by two thirds of the groups; the others are what the fastest curve reaches with a half and a quarter of the tokens
 * that it needs to that. Rounded up to hundredths of a nat; empty with fewer than three groups.
 */
export function targetLosses(groups: readonly (readonly LogCurve[])[]): number[] {
	const reached = groups.map((curves) => Math.min(...curves.map((curve) => lowestLoss(curve)))).sort((p, q) => p - q);
	const least = reached[Math.ceil(MOST * reached.length) - 1];
	if (reached.length < 3 || least === undefined || !Number.isFinite(least)) return [];
	const lowest = upToHundredths(least);
	const curves = groups.flat();
	const fewest = Math.min(...curves.map((curve) => tokensToLoss(curve, lowest) ?? Number.POSITIVE_INFINITY));
	const easier = EASIER.map((share) => Math.min(...curves.map((curve) => lowestLoss(curve, share * fewest))));
	return [...new Set([...easier.filter(Number.isFinite).map(upToHundredths), lowest])];
}

/** Seeds scatter about their mean; most reach what lies a little above it. */
function upToHundredths(loss: number): number {
	return Math.ceil(100 * loss + 1) / 100;
}
