import type { SeedCurve } from "../../../analysis/schedules/difference-curve.ts";
import { type Card, type Comparison, scheduleOf, stepsOf } from "../../../experiments/anneal/comparison.ts";
import { canonicalJson } from "../../../run/canonical-json.ts";
import type { RunResult } from "../../../run/run-result.ts";
import type { Plan } from "../../../study/plan.ts";
import type { RunState, StudyProgress } from "../../../study/progress.ts";

/** A comparison and its runs. */
export interface PlannedComparison {
	readonly comparison: Comparison;
	readonly plan: Plan;
}

/**
 * The runs with their branches, but for those of a trunk that ended before it had them: it kept no checkpoint there, so they train
 * all their steps.
 */
export function withoutLateBranches(runs: readonly RunState[]): RunState[] {
	const ended = new Set(runs.flatMap(({ id, result }) => (result ? [id] : [])));
	return runs.map((run) => {
		if (run.result || !run.branch || !ended.has(run.branch.parent)) return run;
		const { branch: _, ...alone } = run;
		return alone;
	});
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
	return canonicalJson({ ...common, schedule: scheduleOf(card), peak: card.peak, steps: stepsOf(comparison, card) });
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
