import { canonicalJson } from "../run/canonical-json.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { stableSteps } from "../run/schedule.ts";

/**
 * Finds the runs that begin alike: equal but for their length and their cool-down. Among each such group, the run whose
 * rate stays at its peak longest is the trunk; those that have a cool-down branch off from it where that begins.
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

/** What runs with a common beginning have in common; undefined where the rate changes from the start. */
function trunkKey(spec: RunSpec): string | undefined {
	if (stable(spec) === 0) return undefined;
	const { schedule, steps: _, ...rest } = spec;
	return canonicalJson({ ...rest, warmupSteps: schedule.warmupSteps });
}
