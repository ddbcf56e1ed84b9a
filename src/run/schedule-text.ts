import type { ScheduleSpec } from "./schedule.ts";

/** A schedule in a few words: "cosine to 10 %", "WSD, last 20 % 1−√ to 0", "piecewise through 3 points". */
export function scheduleText({ kind, floor, cooldown, cooldownSteps, points }: ScheduleSpec, steps: number): string {
	const to = `to ${floor === 0 ? "0" : percent(floor)}`;
	switch (kind) {
		case "constant":
			return "constant";
		case "inverse-sqrt":
			return floor === 0 ? "inverse square root" : `inverse square root, at least ${percent(floor)}`;
		case "wsd":
			return `WSD, last ${percent(cooldownSteps! / steps)} ${cooldown === "linear" ? "linear" : "1−√"} ${to}`;
		case "piecewise":
			return `piecewise through ${points!.length} points`;
		default:
			return `${kind} ${to}`;
	}
}

function percent(share: number): string {
	return `${Number((100 * share).toPrecision(3))} %`;
}
