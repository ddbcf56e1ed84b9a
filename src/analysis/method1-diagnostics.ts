import type { Crossing } from "./envelope.ts";
import { type Frontier, frontierRuns } from "./frontier.ts";
import type { Scatter } from "./scatter.ts";

/** Fewest sizes on a frontier that a law is fitted to. */
const FEWEST_SIZES = 3;

/** The largest excess of ln L over the plain minimum that passes without a warning. */
const NOTABLE_EXCESS = 0.005;

/** Why no law can be fitted to a frontier, in a sentence; null when one can. */
export function whyUndetermined({ sizes, envelope }: Frontier, trimEdges: boolean): string | null {
	if (sizes.length < FEWEST_SIZES)
		return `${sizes.length} ${sizes.length === 1 ? "model size has" : "model sizes have"} a loss curve; a frontier needs ${FEWEST_SIZES}`;
	const onFrontier = new Set(envelope.best.filter((size) => size >= 0));
	if (onFrontier.size < FEWEST_SIZES)
		return (
			`${onFrontier.size} of ${sizes.length} sizes are best anywhere (${[...onFrontier].map((s) => sizes[s]!.label).join("; ")}); ` +
			`a frontier needs ${FEWEST_SIZES}: a wider range of compute would bring in more`
		);
	const genuine = envelope.crossings.filter((crossing) => crossing.genuine);
	if (trimEdges && genuine.length < 2)
		return (
			`the curves of neighbouring sizes cross ${genuine.length === 1 ? "only once" : "nowhere"} within the data, ` +
			`and a power law needs two crossings: ${forced(sizes, envelope.crossings).join("; ")}`
		);
	return null;
}

function forced(sizes: Frontier["sizes"], crossings: readonly Crossing[]): string[] {
	return crossings
		.filter((crossing) => !crossing.genuine)
		.map(
			({ smaller, larger }) =>
				`${sizes[smaller]!.label} (${sizes[smaller]!.parameters} parameters) was not overtaken by ` +
				`${sizes[larger]!.label} (${sizes[larger]!.parameters}) where both have data`,
		);
}

/** What a reader of the fits must know of the frontier, one sentence each. */
export function frontierWarnings(frontier: Frontier, trimEdges: boolean, scatter: Scatter): string[] {
	const { grid, envelope, sizes } = frontier;
	const warnings: string[] = [];
	const labels = forced(sizes, envelope.crossings);
	if (labels.length > 0)
		warnings.push(
			trimEdges
				? `Not used: ${labels.join("; ")}. There the frontier tells how long runs were, not how models scale.`
				: `${labels.join("; ")}: there the frontier tells how long runs were, not how models scale.`,
		);
	if (!trimEdges)
		warnings.push(
			"The ends of the frontier are in the fit, where the smallest or largest size wins for want of others.",
		);
	const never = sizes.filter((_, size) => frontierRuns(frontier, size).length === 0).map((size) => size.label);
	if (never.length > 0) warnings.push(`Nowhere the best: ${never.join("; ")}.`);
	let excess = 0;
	envelope.best.forEach((size, g) => {
		if (size < 0) return;
		for (const values of grid.logLoss) excess = Math.max(excess, grid.logLoss[size]![g]! - values[g]!);
	});
	if (excess > NOTABLE_EXCESS)
		warnings.push(
			`Somewhere a smaller model beats the frontier by ${(excess * 100).toFixed(1)} % of the loss at more compute: ` +
				"larger sizes may be trained badly (learning rate, warm-up).",
		);
	if (scatter.source === "noise")
		warnings.push(
			"Two crossings and one seed per size do not show how runs scatter; the interval assumes the noise within curves. " +
				"More sizes or seeds would measure it.",
		);
	return warnings;
}
