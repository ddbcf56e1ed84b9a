import { genuineCrossings } from "./envelope.ts";
import type { Frontier } from "./frontier.ts";
import type { Scatter } from "./scatter.ts";

/** Fewest sizes on the frontier needed to fit a law. */
const FEWEST_SIZES = 3;

/** Excesses of ln L over the pointwise minimum up to this value give no warning. */
const NOTABLE_EXCESS = 0.005;

/** Why no law can be fitted to a frontier, as a sentence; null when one can. */
export function whyUndetermined(frontier: Frontier, trimEdges: boolean): string | null {
	const { sizes, envelope } = frontier;
	if (sizes.length < FEWEST_SIZES)
		return `${sizes.length} model ${sizes.length === 1 ? "size has" : "sizes have"} a loss curve; a frontier needs ${FEWEST_SIZES}`;
	const never = neverBest(frontier);
	const found = sizes.length - never.length;
	if (found < FEWEST_SIZES)
		return (
			`${found} of ${sizes.length} sizes are the best anywhere that they can be compared; a frontier needs ` +
			`${FEWEST_SIZES} (not the best: ${some(never)})`
		);
	const crossings = genuineCrossings(envelope).length;
	if (trimEdges && crossings < 2)
		return (
			`the curves of sizes next to each other on the frontier cross ${crossings === 1 ? "once" : "nowhere"} in the ` +
			`data; a power law needs two crossings (${some(forcedSteps(frontier))})`
		);
	return null;
}

/** Labels of the sizes that are nowhere on the frontier. */
function neverBest({ sizes, envelope }: Frontier): string[] {
	const present = new Set(envelope.best);
	return sizes.filter((_, size) => !present.has(size)).map((size) => size.label);
}

/** Describes the steps of the frontier that occur because data begin or end, not because curves cross. */
function forcedSteps({ sizes, envelope }: Frontier): string[] {
	return envelope.crossings
		.filter((crossing) => !crossing.genuine)
		.map(
			({ smaller, larger }) =>
				`${sizes[smaller]!.label} gives way to ${sizes[larger]!.label} where its data end or the other's begin`,
		);
}

/** Caveats about the frontier, one sentence each. */
export function frontierWarnings(frontier: Frontier, trimEdges: boolean, scatter: Scatter): string[] {
	const { grid, envelope } = frontier;
	const warnings: string[] = [];
	const forced = forcedSteps(frontier);
	if (forced.length > 0)
		warnings.push(
			`${trimEdges ? "Not used" : "Used nevertheless"}: ${some(forced)}. ` +
				"Such a step shows how long the runs were, not how models scale.",
		);
	if (!trimEdges)
		warnings.push(
			"The ends of the frontier are in the fit, where the smallest or largest size wins only because there is no other.",
		);
	const never = neverBest(frontier);
	if (never.length > 0) warnings.push(`Never the best, so in no fit: ${some(never)}.`);
	let excess = 0;
	envelope.best.forEach((size, g) => {
		if (size < 0) return;
		for (const values of grid.logLoss) excess = Math.max(excess, grid.logLoss[size]![g]! - values[g]!);
	});
	if (excess > NOTABLE_EXCESS)
		warnings.push(
			`Somewhere a smaller model beats the frontier by ${(excess * 100).toFixed(1)} % of the loss at more compute: ` +
				"larger sizes may be trained badly (learning rate, warmup).",
		);
	if (scatter.source === "noise")
		warnings.push(
			"With fewer than three crossings and one seed per size, the scatter between runs is unknown; the interval assumes only the noise within curves. " +
				"Add sizes or seeds to measure it.",
		);
	return warnings;
}

/** Smallest share of resamples that is reported. */
const NOTABLE_SHARE = 0.02;

/** Says in how many resamples a crossing lies beyond the data. */
export function beyondData(count: number, resamples: number): string[] {
	if (count <= NOTABLE_SHARE * resamples) return [];
	return [
		`In ${count} of ${resamples} resamples sizes cross beyond the end of a curve, which is then continued as a straight ` +
			"line in ln L against ln C: the interval rests on it. Longer runs would not need it.",
	];
}

/** Maximum number of list items to show. */
const MOST_LISTED = 6;

function some(items: readonly string[]): string {
	const more = items.length - MOST_LISTED;
	return items.slice(0, MOST_LISTED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
