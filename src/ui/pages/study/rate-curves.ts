import type { PlannedRun } from "../../../run/events.ts";
import { rateShare } from "../../../run/schedule.ts";
import { scheduleText } from "../../../run/schedule-text.ts";

/** A schedule of a study as its longest run goes through it. */
export interface RateCurve {
	/** Such as "cosine to 10 %", with the warmup where there is one. */
	text: string;
	/** Share of the run, share of the peak rate. */
	points: readonly (readonly [number, number])[];
}

/** Points along a curve, but for shorter runs. */
const POINTS = 200;

/** The study's schedules, each once, as the longest of the runs that follow it. */
export function rateCurves(runs: readonly PlannedRun[]): RateCurve[] {
	const longest = new Map<string, PlannedRun["spec"]>();
	for (const { spec } of runs) {
		const text = scheduleText(spec.schedule, spec.steps);
		const known = longest.get(text);
		if (!known || spec.steps > known.steps) longest.set(text, spec);
	}
	return [...longest].map(([text, { schedule, steps }]) => {
		const count = Math.min(POINTS, steps);
		const points = Array.from({ length: count }, (_, i): [number, number] => {
			const step = Math.round(1 + (i * (steps - 1)) / Math.max(1, count - 1));
			return [step / steps, rateShare(schedule, step, steps)];
		});
		const { warmupSteps } = schedule;
		const warmup =
			warmupSteps > 0
				? `, after ${warmupSteps.toLocaleString("en")} of ${steps.toLocaleString("en")} steps of warmup`
				: "";
		return { text: `${text}${warmup}`, points };
	});
}
