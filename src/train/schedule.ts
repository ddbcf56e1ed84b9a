import type { ScheduleSpec } from "../study/run-spec.ts";

/**
 * Share of the peak learning rate at optimiser step `step` = 1 … `steps`: rises linearly over the warm-up, then stays
 * (constant) or falls along half a cosine to `floor` at the last step (Loshchilov & Hutter 2017, eq. 5).
 */
export function rateShare({ kind, warmupSteps, floor }: ScheduleSpec, step: number, steps: number): number {
	if (step <= warmupSteps) return step / warmupSteps;
	if (kind === "constant") return 1;
	const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
	return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
