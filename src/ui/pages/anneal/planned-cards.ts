import type { SeedCurve } from "../../../analysis/schedules/difference-curve.ts";
import { type Card, type Comparison, scheduleIn, stepsOf } from "../../../experiments/anneal/comparison.ts";
import { canonicalJson } from "../../../run/canonical-json.ts";
import type { Moment, PlannedRun } from "../../../run/events.ts";
import type { RunResult } from "../../../run/run-result.ts";
import { stepAtShare } from "../../../run/schedule.ts";
import { trainedBranch } from "../../../study/branches.ts";
import { FORK_SHARES } from "../../../study/moments.ts";
import type { Plan } from "../../../study/plan.ts";
import type { RunState, StudyProgress } from "../../../study/progress.ts";

/** A comparison and its runs. */
export interface PlannedComparison {
	readonly comparison: Comparison;
	readonly plan: Plan;
}

/**
 * Where a run that branches off a trunk gets its first steps from: the trunk, which is to train them; a checkpoint of the trunk, which
 * has trained them; or itself, where the trunk kept none.
 */
export type Beginning = "trunk" | "kept" | "again";

/** The beginnings of the branches that are not trained yet, by run. */
export function beginningsOf(
	runs: readonly PlannedRun[],
	stored: readonly RunResult[],
	kept: readonly Moment[],
): ReadonlyMap<string, Beginning> {
	const ended = new Set(stored.map(({ id }) => id));
	const beginnings = new Map<string, Beginning>();
	for (const { id, branch } of runs) {
		if (!branch || ended.has(id)) continue;
		const own = kept.filter(({ parent }) => parent === branch.parent);
		// A trunk that was stopped has passed the moments that it kept.
		const isPassed = ended.has(branch.parent) || own.some(({ step }) => step > branch.step);
		const isKept = own.some(({ step }) => step === branch.step);
		beginnings.set(id, isKept ? "kept" : isPassed ? "again" : "trunk");
	}
	return beginnings;
}

/** The runs with their branches, but for those that train all their steps. */
export function withoutLateBranches(runs: readonly RunState[], beginnings: ReadonlyMap<string, Beginning>): RunState[] {
	return runs.map((run) => {
		if (run.result || beginnings.get(run.id) !== "again") return run;
		const { branch: _, ...alone } = run;
		return alone;
	});
}

/** The shares of a card's steps, of `FORK_SHARES`, at which each of its runs has a moment that is kept. */
export function keptShares(own: readonly PlannedRun[], runs: readonly PlannedRun[], kept: readonly Moment[]): number[] {
	const branches = new Map(runs.map(({ id, branch }) => [id, branch]));
	const isKept = ({ id, spec }: PlannedRun, share: number) => {
		const { parent, step } = trainedBranch({ parent: id, step: stepAtShare(share, spec.steps) }, branches);
		return kept.some((moment) => moment.parent === parent && moment.step === step);
	};
	return own.length > 0 ? FORK_SHARES.filter((share) => own.every((run) => isKept(run, share))) : [];
}

/** What has been trained of a card. */
export interface CardRuns {
	readonly runs: readonly RunState[];
	readonly curves: readonly SeedCurve[];
	readonly results: readonly RunResult[];
	/** Whether every run has ended and is stored. */
	readonly isDone: boolean;
	/** Training steps of each. */
	readonly steps: number;
}

/** What a card trains, beside its id: equal for cards that train the same. */
export function cardKey(comparison: Comparison, card: Card): string {
	const { cards: _, ...common } = comparison;
	return canonicalJson({
		...common,
		schedule: scheduleIn(comparison, card),
		peak: card.peak,
		steps: stepsOf(comparison, card),
	});
}

/** The runs of a card, none while it has been changed and is not planned yet. */
export function curvesOf(
	card: Card,
	planned: PlannedComparison | null,
	progress: Pick<StudyProgress, "runs">,
): CardRuns {
	// Arms are in the order of the cards, and a card that was changed is another object.
	const at = planned?.comparison.cards.indexOf(card) ?? -1;
	const ids = new Set(planned?.plan.arms[at]?.runIds);
	const runs = progress.runs.filter(({ id }) => ids.has(id));
	const results = runs.flatMap(({ result }) => (result ? [result] : []));
	return {
		...{ runs, results, isDone: runs.length > 0 && results.length === runs.length },
		curves: runs.map(({ spec, curve }) => ({ seed: spec.seed, curve })),
		steps: runs[0]?.spec.steps ?? 0,
	};
}
