import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";

/** An arm of a study and those of its runs that have results. */
export interface ArmRuns {
	readonly name: string;
	readonly runs: readonly RunResult[];
}

/** The arms of a study in the order of its document, those without results included. */
export function runsOfArms({ arms }: Plan, runs: readonly RunResult[]): ArmRuns[] {
	return arms.map(({ name, runIds }) => {
		const ids = new Set(runIds);
		return { name, runs: runs.filter(({ id }) => ids.has(id)) };
	});
}
