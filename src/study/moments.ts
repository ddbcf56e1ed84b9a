import { parameterCounts } from "../architecture/size.ts";
import { optimizerMemory } from "../run/choices.ts";
import type { Moment, PlannedRun } from "../run/events.ts";
import { stepAtShare } from "../run/schedule.ts";
import { trainedBranch } from "./branches.ts";

/** Shares of a run after which a fork may leave it without training it again, where moments are kept. */
export const FORK_SHARES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/**
 * The moments of planned runs at shares of their steps, each once. Those before a run's branch are moments of the run that it
 * branches off, which trains them. A run with a tail has none: a fork is not forked again.
 */
export function momentsOf(runs: readonly PlannedRun[], shares: readonly number[]): Moment[] {
	const branches = new Map(runs.map(({ id, branch }) => [id, branch]));
	const moments = runs
		.filter(({ spec }) => !spec.schedule.tail)
		.flatMap(({ id, spec }) =>
			shares
				.map((share) => stepAtShare(share, spec.steps))
				.filter((step) => step > 0)
				.map((step) => trainedBranch({ parent: id, step }, branches)),
		);
	return [...new Map(moments.map((moment) => [`${moment.parent} ${moment.step}`, moment])).values()];
}

/** About how many bytes the checkpoints of moments take: weights, the optimizer's moments and the average, 4 bytes each. */
export function momentBytes(runs: readonly PlannedRun[], moments: readonly Moment[]): number {
	const specs = new Map(runs.map(({ id, spec }) => [id, spec]));
	return moments.reduce((sum, { parent }) => {
		const { model, optimizer, ema } = specs.get(parent)!;
		const values = 1 + optimizerMemory(optimizer.kind).moments + (ema === undefined ? 0 : 1);
		return sum + 4 * values * parameterCounts(model).total;
	}, 0);
}
