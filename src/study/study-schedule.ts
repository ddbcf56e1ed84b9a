import type { Convention } from "../architecture/flops.ts";
import type { ParameterCounts } from "../architecture/size.ts";
import { type Cooldown, DEFAULT_COOLDOWN, type ScheduleKind } from "../run/choices.ts";
import { type ScheduleSpec, stepAtShare, type TailSpec } from "../run/schedule.ts";
import { count } from "../run/show.ts";
import { type Scaled, valueFor } from "./scaled.ts";
import { StudyError, type StudyPath } from "./study-error.ts";

/** A schedule in a study document, where lengths may be tokens or a share of each run. */
export interface StudySchedule {
	readonly kind: ScheduleKind;
	/** At most one of the three is given; without them there is no warmup. */
	readonly warmupSteps?: number;
	readonly warmupTokens?: Scaled;
	/** Share of the run's steps. */
	readonly warmupShare?: number;
	/** See `ScheduleSpec`. Default 0.1 for "cosine" (Hoffmann et al. 2022), else 0. */
	readonly floor?: number;
	/** "wsd" only: length of the cooldown as a share of the run's steps, by default 0.2 (Hägele et al. 2024). */
	readonly cooldownShare?: number;
	/** "wsd" only: shape of the cooldown, by default `DEFAULT_COOLDOWN`. */
	readonly cooldown?: Cooldown;
	/** "piecewise" only: pairs of (share of the run, share of the peak rate); the first rises from 0 to 1. */
	readonly points?: readonly (readonly number[])[];
	/** Another end, for which the run leaves the schedule: a fork of the run that trains it to its end, the trunk. */
	readonly tail?: StudyTail;
}

/** Where a run leaves its schedule, and how its rate falls from there to the end of the run. */
export interface StudyTail {
	/** Share of the trunk's steps up to which the rate is the trunk's. */
	readonly afterShare: number;
	/** Training tokens of the trunk; by default it is as long as the run. */
	readonly trunkTokens?: number;
	/** Shape of the fall, by default `DEFAULT_COOLDOWN`. */
	readonly cooldown?: Cooldown;
	/** Share of the peak rate at the run's last step, by default 0. */
	readonly floor?: number;
}

const DEFAULT_FLOORS: Partial<Record<ScheduleKind, number>> = { constant: 1, cosine: 0.1 };
const WARMUPS = ["warmupSteps", "warmupTokens", "warmupShare"] as const;

/** Checks `schedules[i]` of a study and fills in the defaults. Throws `StudyError`. */
export function completeSchedule(schedule: StudySchedule, i: number): StudySchedule {
	const { kind, floor, points, tail } = schedule;
	const error = (path: StudyPath, problem: string) => new StudyError(["schedules", i, ...path], problem);
	const [first, second] = WARMUPS.filter((name) => schedule[name] !== undefined);
	if (second) throw error([], `has both ${first} and ${second}; it must have at most one of them`);
	if (kind === "constant" && floor !== undefined && floor !== 1)
		throw error(["floor"], `is ${floor}; it must be 1 or absent for "constant"`);
	if (kind === "piecewise" && floor !== undefined)
		throw error(["floor"], `is ${floor}; it must be absent for "piecewise", whose points set it`);
	for (const name of ["cooldown", "cooldownShare"] as const)
		if (kind !== "wsd" && schedule[name] !== undefined)
			throw error([name], `is ${JSON.stringify(schedule[name])}; it must be absent unless kind is "wsd"`);
	if ((kind === "piecewise") !== (points !== undefined))
		throw error(
			["points"],
			points ? `is given; it must be absent unless kind is "piecewise"` : `is missing; "piecewise" needs it`,
		);
	points?.forEach(([at], point) => {
		const isLast = point === points.length - 1;
		const before = points[point - 1]?.[0];
		if (point === 0 ? at !== 0 : !(at! > before!) || (isLast && at !== 1))
			throw error(["points", point], `is at ${at}; points must start at 0, increase, and end at 1, the end of the run`);
	});
	return {
		...schedule,
		...(first === undefined && { warmupSteps: 0 }),
		...(kind !== "piecewise" && { floor: floor ?? DEFAULT_FLOORS[kind] ?? 0 }),
		...(kind === "wsd" && {
			cooldownShare: schedule.cooldownShare ?? 0.2,
			cooldown: schedule.cooldown ?? DEFAULT_COOLDOWN,
		}),
		...(tail && { tail: { ...tail, cooldown: tail.cooldown ?? DEFAULT_COOLDOWN, floor: tail.floor ?? 0 } }),
	};
}

/**
 * Checks that a run with `steps` steps leaves the schedule `schedules[i]` of a study before its end.
 *
 * @throws StudyError
 */
export function checkTail(schedule: StudySchedule, i: number, steps: number, tokensPerStep: number): void {
	if (!schedule.tail) return;
	const { after, of } = tailSpec(schedule.tail, steps, tokensPerStep);
	if (after >= 1 && after < steps) return;
	const at = `is ${schedule.tail.afterShare}, which is step ${count(after)} of a trunk of ${count(of)} steps`;
	const rule = after < 1 ? "it must be step 1 or later" : `it must be before the last step of the run, ${count(steps)}`;
	throw new StudyError(["schedules", i, "tail", "afterShare"], `${at}; ${rule}`);
}

function tailSpec(
	{ afterShare, trunkTokens, cooldown, floor }: StudyTail,
	steps: number,
	tokensPerStep: number,
): TailSpec {
	const of = trunkTokens === undefined ? steps : Math.ceil(trunkTokens / tokensPerStep);
	return { after: stepAtShare(afterShare, of), of, cooldown: cooldown!, floor: floor! };
}

/** The schedule of a run with `steps` steps of `tokensPerStep` tokens, for a model with these parameter counts. */
export function resolveSchedule(
	schedule: StudySchedule,
	steps: number,
	tokensPerStep: number,
	counts: Pick<ParameterCounts, Convention>,
): ScheduleSpec {
	const { kind, warmupTokens, warmupShare, points } = schedule;
	const tail = schedule.tail && tailSpec(schedule.tail, steps, tokensPerStep);
	// All lengths but the tail's are those of the trunk.
	const of = tail?.of ?? steps;
	let { warmupSteps = 0 } = schedule;
	if (warmupTokens !== undefined) warmupSteps = Math.ceil(valueFor(warmupTokens, counts) / tokensPerStep);
	if (warmupShare !== undefined) warmupSteps = Math.round(warmupShare * of);
	return {
		kind,
		warmupSteps,
		floor: schedule.floor ?? points!.at(-1)![1]!,
		...(kind === "wsd" && {
			cooldown: schedule.cooldown!,
			cooldownSteps: Math.max(1, Math.round(schedule.cooldownShare! * of)),
		}),
		...(points && { points: points.map(([at, share]): [number, number] => [at!, share!]) }),
		...(tail && { tail }),
	};
}
