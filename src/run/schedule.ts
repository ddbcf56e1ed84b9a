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
 */
export function rateShare(schedule: ScheduleSpec, step: number, steps: number): number {
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
			const into = (step - stableSteps(schedule, steps)) / schedule.cooldownSteps!;
			if (into <= 0) return 1;
			return above(1 - (schedule.cooldown === "linear" ? into : Math.sqrt(into)));
		}
	}
}

/** The number of steps, warmup included, before the rate falls from its peak; 0 for schedules without a constant part. */
export function stableSteps({ kind, cooldownSteps = 0 }: ScheduleSpec, steps: number): number {
	if (kind === "constant") return steps;
	return kind === "wsd" ? Math.max(0, steps - cooldownSteps) : 0;
}

function interpolate(points: readonly (readonly [number, number])[], at: number): number {
	const after = points.findIndex(([place]) => place >= at);
	if (after <= 0) return points[Math.max(0, after)]![1];
	const [x0, y0] = points[after - 1]!;
	const [x1, y1] = points[after]!;
	return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
}
