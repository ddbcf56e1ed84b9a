import { groupBy } from "../../maths/group-by.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import { sizeKey } from "./annealed-ends.ts";

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

/** What an arm plans to train. */
export function specsOfArm({ arms, runs }: Plan, name: string): RunSpec[] {
	const ids = new Set(arms.find((arm) => arm.name === name)?.runIds);
	return runs.filter(({ id }) => ids.has(id)).map(({ spec }) => spec);
}

/** Whether a size is trained to several lengths, so that what counts is the ends of the runs. */
export function haveLengths(specs: readonly RunSpec[]): boolean {
	return [...groupBy(specs, sizeKey).values()].some((own) => new Set(own.map(({ steps }) => steps)).size > 1);
}
