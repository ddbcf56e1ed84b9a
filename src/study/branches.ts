import { canonicalJson } from "../run/canonical-json.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { stableSteps } from "../run/schedule.ts";

/**
 * Lets runs share their beginnings. Runs that differ only in length and cooldown form a group. Its trunk is the run whose
 * rate stays at the peak longest; every other run with a cooldown branches off the trunk at the step where it starts.
 */
export function withBranches(runs: readonly PlannedRun[]): PlannedRun[] {
	const trunks = new Map<string, PlannedRun>();
	for (const run of runs) {
		const key = trunkKey(run.spec);
		const trunk = key && trunks.get(key);
		if (key && (!trunk || stable(run.spec) > stable(trunk.spec))) trunks.set(key, run);
	}
	return runs.map((run) => {
		const trunk = trunks.get(trunkKey(run.spec) ?? "");
		const coolsDown = stable(run.spec) < run.spec.steps;
		return trunk && trunk !== run && coolsDown ? { ...run, branch: { parent: trunk.id, step: stable(run.spec) } } : run;
	});
}

const stable = ({ schedule, steps }: RunSpec) => stableSteps(schedule, steps);

/** Equal for runs that share a beginning; undefined for a run whose rate is never constant. */
function trunkKey(spec: RunSpec): string | undefined {
	if (stable(spec) === 0) return undefined;
	const { schedule, steps: _, ...rest } = spec;
	return canonicalJson({ ...rest, warmupSteps: schedule.warmupSteps });
}
