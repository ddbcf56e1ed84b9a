import type { Convention } from "../architecture/flops.ts";
import type { ParameterCounts } from "../architecture/size.ts";
import { type Cooldown, DEFAULT_COOLDOWN, type ScheduleKind } from "../run/choices.ts";
import type { ScheduleSpec } from "../run/schedule.ts";
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
}

const DEFAULT_FLOORS: Partial<Record<ScheduleKind, number>> = { constant: 1, cosine: 0.1 };
const WARMUPS = ["warmupSteps", "warmupTokens", "warmupShare"] as const;

/** Checks `schedules[i]` of a study and fills in the defaults. Throws `StudyError`. */
export function completeSchedule(schedule: StudySchedule, i: number): StudySchedule {
	const { kind, floor, points } = schedule;
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
	};
}

/** The schedule of a run with `steps` steps of `tokensPerStep` tokens, for a model with these parameter counts. */
export function resolveSchedule(
	schedule: StudySchedule,
	steps: number,
	tokensPerStep: number,
	counts: Pick<ParameterCounts, Convention>,
): ScheduleSpec {
	const { kind, warmupTokens, warmupShare, points } = schedule;
	let { warmupSteps = 0 } = schedule;
	if (warmupTokens !== undefined) warmupSteps = Math.ceil(valueFor(warmupTokens, counts) / tokensPerStep);
	if (warmupShare !== undefined) warmupSteps = Math.round(warmupShare * steps);
	return {
		kind,
		warmupSteps,
		floor: schedule.floor ?? points!.at(-1)![1]!,
		...(kind === "wsd" && {
			cooldown: schedule.cooldown!,
			cooldownSteps: Math.max(1, Math.round(schedule.cooldownShare! * steps)),
		}),
		...(points && { points: points.map(([at, share]): [number, number] => [at!, share!]) }),
	};
}
