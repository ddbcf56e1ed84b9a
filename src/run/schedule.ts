import type { Cooldown, ScheduleKind } from "./choices.ts";

/** How the learning rate changes over a run, as a multiple of its peak. */
export interface ScheduleSpec {
	kind: ScheduleKind;
	/** Steps over which the rate rises linearly from 0 to its peak. */
	warmupSteps: number;
	/** The lowest share of the peak that the schedule falls to; 1 for `constant`. */
	floor: number;
	/** For "wsd" alone: the shape and the length of its last part. */
	cooldown?: Cooldown;
	cooldownSteps?: number;
	/** For "piecewise" alone: (share of the run, share of the peak), the former rising from 0 to 1. */
	points?: [number, number][];
	/** Where it leaves the schedule above for another end; absent: nowhere. */
	tail?: TailSpec;
}

/** Another end of a schedule. */
export interface TailSpec {
	/** The last step with the rate of the schedule without the tail. */
	after: number;
	/** Steps of the run that this schedule without the tail is of: the trunk. */
	of: number;
	/** The shape in which the rate then falls, until the run's last step. */
	cooldown: Cooldown;
	/** The share of the peak that it falls to. */
	floor: number;
}

/**
 * Share of the peak learning rate at optimizer step t = 1 … T. First a linear warmup over w steps, t/w, which is 1 at
 * step w; after it, with p = (t − w)/(T − w) and floor f:
 *
 *     constant      1
 *     linear        f + (1 − f)·(1 − p)
 *     cosine        f + (1 − f)·(1 + cos πp)/2                 (Loshchilov & Hutter 2017, eq. 5)
 *     inverse-sqrt  max(f, √(max(w, 1)/t))                     (Vaswani et al. 2017, section 5.3)
 *     wsd           1 until the last c steps; in them, with q = (t − (T − c))/c,
 *                   f + (1 − f)·(1 − q) or, "1-sqrt", f + (1 − f)·(1 − √q)   (Hägele et al. 2024, section 3)
 *     piecewise     straight lines through the points over t/T, times the warmup's share during the warmup
 *
 * With a tail, the share up to step a is that of a run of other length without it; from there, with r the share at step a,
 * q = (t − a)/(T − a) and the tail's floor f, it is f + (r − f)·(1 − q) or f + (r − f)·(1 − √q).
 */
export function rateShare(schedule: ScheduleSpec, step: number, steps: number): number {
	const { tail } = schedule;
	if (!tail) return shareWithoutTail(schedule, step, steps);
	const { after, of, cooldown, floor } = tail;
	const share = shareWithoutTail(schedule, Math.min(step, after), of);
	if (step <= after) return share;
	return floor + (share - floor) * shareLeft(cooldown, (step - after) / (steps - after));
}

/** What is left of a fall, of which the share `into` of its steps is over. */
function shareLeft(cooldown: Cooldown, into: number): number {
	return 1 - (cooldown === "linear" ? into : Math.sqrt(into));
}

function shareWithoutTail(schedule: ScheduleSpec, step: number, steps: number): number {
	const { kind, warmupSteps, floor } = schedule;
	const warmup = step < warmupSteps ? step / warmupSteps : 1;
	if (kind === "piecewise") return warmup * interpolate(schedule.points!, step / steps);
	if (step <= warmupSteps) return warmup;
	const above = (share: number) => floor + (1 - floor) * share;
	const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
	switch (kind) {
		case "constant":
			return 1;
		case "linear":
			return above(1 - progress);
		case "cosine":
			return above(0.5 * (1 + Math.cos(Math.PI * progress)));
		case "inverse-sqrt":
			return Math.max(floor, Math.sqrt(Math.max(warmupSteps, 1) / step));
		case "wsd": {
			const { cooldownSteps, cooldown } = schedule;
			const into = (step - Math.max(0, steps - cooldownSteps!)) / cooldownSteps!;
			return into <= 0 ? 1 : above(shareLeft(cooldown!, into));
		}
	}
}

/** The number of steps, warmup included, before the rate falls from its peak; 0 for schedules without a constant part. */
export function stableSteps(schedule: ScheduleSpec, steps: number): number {
	const { kind, cooldownSteps = 0, tail } = schedule;
	if (tail) return Math.min(steps, tail.after, stableSteps(withoutTail(schedule), tail.of));
	if (kind === "constant") return steps;
	return kind === "wsd" ? Math.max(0, steps - cooldownSteps) : 0;
}

/** Whether the rate never falls from its peak. */
export function isConstant({ kind, tail }: ScheduleSpec): boolean {
	return kind === "constant" && !tail;
}

/** The schedule without its tail. */
export function withoutTail({ tail: _, ...schedule }: ScheduleSpec): ScheduleSpec {
	return schedule;
}

/**
 * The step of a run at which a share of it is over, as the fall of a schedule begins: the steps after it are at least one, and
 * rounded.
 */
export function stepAtShare(share: number, steps: number): number {
	return steps - Math.max(1, Math.round(Number((1 - share).toFixed(6)) * steps));
}

function interpolate(points: readonly (readonly [number, number])[], at: number): number {
	const after = points.findIndex(([place]) => place >= at);
	if (after <= 0) return points[Math.max(0, after)]![1];
	const [x0, y0] = points[after - 1]!;
	const [x1, y1] = points[after]!;
	return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
