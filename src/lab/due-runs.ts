import { groupBy } from "../maths/group-by.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunResult } from "../run/run-result.ts";
import { tokensPerStep } from "../study/cost.ts";
import { type Contender, contestKey, contestOf } from "../study/halving.ts";
import { packKey, packRuns } from "../study/packs.ts";
import type { Plan } from "../study/plan.ts";
import type { Halving } from "../study/study.ts";
import { type Checkpoint, resultAt } from "../train/checkpoint.ts";
import type { StudyCheckpoints } from "./study-checkpoints.ts";

/** Runs that train together next, to their end or to the step `until`. */
export interface Due {
	runs: PlannedRun[];
	until?: number;
}

/** What to do next with some runs of a study: results of runs that end without training on, and the packs to train. */
export interface Next {
	ended: RunResult[];
	due: Due[];
}

/**
 * Ids of the runs that are trained before the next ones begin: a pack; neighboring packs that could be one, where packs are made
 * anew; with halving, all packs of the same shape.
 */
export function rounds({ study, packs, runs }: Plan, packsAnew: boolean): string[][] {
	if (!study.halving && !packsAnew) return packs;
	const byId = new Map(runs.map((run) => [run.id, run]));
	const shapeOf = ([id]: string[]) => packKey(byId.get(id!)!.spec);
	if (study.halving) return [...groupBy(packs, shapeOf).values()].map((group) => group.flat());
	// A branch may not be trained before its trunk, which may have another shape.
	const startOf = ([id]: string[]) => byId.get(id!)!.branch?.step ?? 0;
	const anew: string[][] = [];
	for (const pack of packs) {
		const last = anew.at(-1);
		if (last && shapeOf(last) === shapeOf(pack) && startOf(last) === startOf(pack)) last.push(...pack);
		else anew.push([...pack]);
	}
	return anew;
}

/**
 * With halving: how far the runs of a round train before rates are compared again, in packs as small as those that are left
 * allow, and which of them end here. Follows from results and checkpoints alone.
 *
 * @param most runs in a pack; see `packRuns`
 */
export async function nextByHalving(
	round: readonly PlannedRun[],
	halving: Halving,
	results: ReadonlyMap<string, RunResult>,
	checkpoints: StudyCheckpoints,
	adapter: string,
	most?: number,
): Promise<Next> {
	const saved = new Map<string, Checkpoint>();
	for (const run of round) {
		const checkpoint = results.has(run.id) ? undefined : await checkpoints.startOf(run, adapter);
		if (checkpoint) saved.set(run.id, checkpoint);
	}
	const contenders = round.map(({ id, spec }) => contender(id, spec, results.get(id), saved.get(id)));
	const until = new Map<string, number>();
	const ended: RunResult[] = [];
	for (const group of groupBy(contenders, ({ spec }) => contestKey(spec)).values()) {
		const contest = contestOf(group, halving);
		for (const [id, step] of contest.until) until.set(id, step);
		for (const [id, stop] of contest.ended) {
			const run = round.find((each) => each.id === id)!;
			// A branch may stand at a checkpoint of its trunk.
			ended.push(resultAt({ ...saved.get(id)!, ...run }, stop ?? undefined));
		}
	}
	const training = round.filter(({ id }) => until.has(id));
	const due = [...groupBy(training, ({ id }) => until.get(id)!)].flatMap(([step, runs]) =>
		packRuns(runs, most).map((pack) => ({ runs: pack, until: step })),
	);
	return { ended, due };
}

function contender(
	id: string,
	spec: PlannedRun["spec"],
	result: RunResult | undefined,
	checkpoint: Checkpoint | undefined,
): Contender {
	if (result) {
		const step = result.status === "stopped" ? result.tokens / tokensPerStep(spec) : spec.steps;
		return { ...{ id, spec, step, result }, divergedAt: result.divergedAt ?? null, curve: result.curve };
	}
	const { step = 0, record } = checkpoint ?? {};
	const curve = record?.curve.curve ?? { tokens: [], loss: [] };
	return { ...{ id, spec, step, curve }, divergedAt: record?.divergedAt ?? null };
}
