import { comparisonKey, type ScheduleRuns } from "../../analysis/schedules/compare-schedules.ts";
import { groupBy } from "../../maths/group-by.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import { scheduleText } from "../../run/schedule-text.ts";
import type { Plan } from "../../study/plan.ts";

/** A schedule of a study as its runs have it, with those that have results. */
export interface PlannedSchedule extends ScheduleRuns {
	/** What its runs have in common: of the first seed. */
	readonly spec: RunSpec;
	/** Ids of all its runs, with results or without. */
	readonly ids: readonly string[];
}

/** The schedules of a study that can be compared with each other: all but schedule, learning rate and seed are equal. */
export interface ScheduleBlock {
	readonly schedules: readonly PlannedSchedule[];
	/** Training tokens of each run. */
	readonly tokens: number;
}

/**
 * The schedules of a study by what makes them comparable. Those of an arm have its name, where it has one schedule in the block;
 * else what tells them apart.
 */
export function scheduleBlocks({ runs, arms }: Plan, results: readonly RunResult[]): ScheduleBlock[] {
	const specs = new Map(runs.map(({ id, spec }) => [id, spec]));
	const found = new Map(results.map((result) => [result.id, result]));
	const isOneArm = arms.length === 1;
	const cells = arms.flatMap(({ name: arm, runIds }) => {
		const groups = groupBy(runIds, (id) => variantKey(specs.get(id)!));
		return [...groups.values()].map((ids) => ({ arm, ids, spec: specs.get(ids[0]!)! }));
	});
	return [...groupBy(cells, ({ spec }) => comparisonKey(spec)).values()].map((block) => ({
		tokens: block[0]!.spec.steps * block[0]!.spec.batchSequences * block[0]!.spec.model.context,
		schedules: block.map(({ arm, ids, spec }) => {
			const ofArm = block.filter((other) => other.arm === arm);
			const text = distinctTexts(ofArm)(spec);
			const name = isOneArm ? text : ofArm.length === 1 ? arm : `${arm}: ${text}`;
			return { name, ids, spec, runs: ids.flatMap((id) => found.get(id) ?? []) };
		}),
	}));
}

/** Equal for runs that differ in their seed alone. */
function variantKey(spec: RunSpec): string {
	return canonicalJson({ ...spec, seed: null });
}

/** What to call each of these schedules: the peak rate and the warmup are said where they differ. */
function distinctTexts(cells: readonly { spec: RunSpec }[]): (spec: RunSpec) => string {
	const differ = (of: (spec: RunSpec) => number) => new Set(cells.map(({ spec }) => of(spec))).size > 1;
	const rates = differ(({ optimizer }) => optimizer.learningRate);
	const warmups = differ(({ schedule }) => schedule.warmupSteps);
	return ({ schedule, steps, optimizer }) =>
		[
			scheduleText(schedule, steps),
			...(rates ? [`rate ${optimizer.learningRate}`] : []),
			...(warmups ? [`warmup ${schedule.warmupSteps}`] : []),
		].join(", ");
}
