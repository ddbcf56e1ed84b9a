import { canonicalJson } from "../run/canonical-json.ts";
import type { Moment, PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { stableSteps, withoutTail } from "../run/schedule.ts";

/**
 * Lets runs share their beginnings. A run with a tail branches off its trunk, the run that goes on without the tail, if that is
 * among the runs. Other runs that differ only in length and cooldown form a group: its trunk is the run whose rate stays at the
 * peak longest, of those without a tail, and every other run with a cooldown branches off it at the step where that starts.
 */
export function withBranches(runs: readonly PlannedRun[]): PlannedRun[] {
	const constant = constantTrunks(runs);
	const exact = new Map(runs.map((run) => [canonicalJson(run.spec), run]));
	const branchOf = (run: PlannedRun): Moment | undefined => {
		const forked = forkedRun(run.spec);
		const trunk = forked && exact.get(canonicalJson(forked));
		return trunk ? { parent: trunk.id, step: run.spec.schedule.tail!.after } : stableBranch(run, constant);
	};
	const found = new Map(runs.map((run) => [run.id, branchOf(run)]));
	return runs.map((run) => {
		const branch = found.get(run.id);
		return branch ? { ...run, branch: trainedBranch(branch, found) } : run;
	});
}

/**
 * The same beginning in the run that trains it: a trunk that is a branch itself does not train the steps before its own start, which are
 * those of the run that it branches off.
 */
export function trainedBranch(branch: Moment, branches: ReadonlyMap<string, Moment | undefined>): Moment {
	const before = branches.get(branch.parent);
	return before && before.step >= branch.step ? trainedBranch({ ...before, step: branch.step }, branches) : branch;
}

/** The run that a run with a tail leaves: without the tail, and of the trunk's length. */
function forkedRun(spec: RunSpec): RunSpec | undefined {
	const { tail } = spec.schedule;
	return tail && { ...spec, schedule: withoutTail(spec.schedule), steps: tail.of };
}

const stable = ({ schedule, steps }: RunSpec) => stableSteps(schedule, steps);

/** Of each group the run whose rate stays at the peak longest. */
function constantTrunks(runs: readonly PlannedRun[]): Map<string, PlannedRun> {
	const trunks = new Map<string, PlannedRun>();
	for (const run of runs) {
		const key = run.spec.schedule.tail ? undefined : trunkKey(run.spec);
		const trunk = key && trunks.get(key);
		if (key && (!trunk || stable(run.spec) > stable(trunk.spec))) trunks.set(key, run);
	}
	return trunks;
}

function stableBranch(run: PlannedRun, trunks: ReadonlyMap<string, PlannedRun>): Moment | undefined {
	const trunk = trunks.get(trunkKey(run.spec) ?? "");
	if (!trunk || trunk === run || stable(run.spec) >= run.spec.steps) return undefined;
	return { parent: trunk.id, step: Math.min(stable(run.spec), stable(trunk.spec)) };
}

/** Equal for runs that share a beginning; undefined for a run whose rate is never constant. */
function trunkKey(spec: RunSpec): string | undefined {
	if (stable(spec) === 0) return undefined;
	const { schedule, steps: _, ...rest } = spec;
	return canonicalJson({ ...rest, warmupSteps: schedule.warmupSteps });
}
