import { type Cooldown, DEFAULT_COOLDOWN, type ScheduleKind } from "../run/choices.ts";
import type { ScheduleSpec } from "../run/schedule.ts";
import { StudyError } from "./study-error.ts";

/** A schedule as a study says it: lengths may be tokens, or a share of each run. */
export interface StudySchedule {
	readonly kind: ScheduleKind;
	/** At most one of the three; none is no warm-up. */
	readonly warmupSteps?: number;
	readonly warmupTokens?: number;
	/** Of the run's steps. */
	readonly warmupShare?: number;
	/** See `ScheduleSpec`. Default 0.1 for "cosine" (Hoffmann et al. 2022), else 0. */
	readonly floor?: number;
	/** "wsd" alone: its last part as a share of the run's steps, by default 0.2, and its shape (Hägele et al. 2024). */
	readonly cooldownShare?: number;
	readonly cooldown?: Cooldown;
	/** "piecewise" alone: pairs (share of the run, share of the peak rate), the former rising from 0 to 1. */
	readonly points?: readonly (readonly number[])[];
}

const DEFAULT_FLOORS: Partial<Record<ScheduleKind, number>> = { constant: 1, cosine: 0.1 };
const WARMUPS = ["warmupSteps", "warmupTokens", "warmupShare"] as const;

/** Checks number `i` of a study's schedules and fills in the defaults. Throws `StudyError`. */
export function completeSchedule(schedule: StudySchedule, i: number): StudySchedule {
	const { kind, floor, points } = schedule;
	const field = (name: string) => `study: schedules[${i}].${name}`;
	const [first, second] = WARMUPS.filter((name) => schedule[name] !== undefined);
	if (second)
		throw new StudyError(`study: schedules[${i}] has both ${first} and ${second}; it must have at most one of them`);
	if (kind === "constant" && floor !== undefined && floor !== 1)
		throw new StudyError(`${field("floor")} is ${floor}; it must be 1 or absent for "constant"`);
	if (kind === "piecewise" && floor !== undefined)
		throw new StudyError(`${field("floor")} is ${floor}; it must be absent for "piecewise", whose points say it all`);
	for (const name of ["cooldown", "cooldownShare"] as const)
		if (kind !== "wsd" && schedule[name] !== undefined)
			throw new StudyError(
				`${field(name)} is ${JSON.stringify(schedule[name])}; it must be absent unless kind is "wsd"`,
			);
	if ((kind === "piecewise") !== (points !== undefined))
		throw new StudyError(
			`${field("points")} is ${points ? "given" : "missing"}; it must be given for "piecewise", and for nothing else`,
		);
	points?.forEach(([at], point) => {
		const isLast = point === points.length - 1;
		const before = points[point - 1]?.[0];
		if (point === 0 ? at !== 0 : !(at! > before!) || (isLast && at !== 1))
			throw new StudyError(
				`${field("points")}[${point}] is at ${at}; points must begin at 0, rise, and end at 1, the end of the run`,
			);
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

/** A study's schedule for a run of `steps` steps of `tokensPerStep` tokens. */
export function resolveSchedule(schedule: StudySchedule, steps: number, tokensPerStep: number): ScheduleSpec {
	const { kind, warmupTokens, warmupShare, points } = schedule;
	let { warmupSteps = 0 } = schedule;
	if (warmupTokens !== undefined) warmupSteps = Math.ceil(warmupTokens / tokensPerStep);
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
