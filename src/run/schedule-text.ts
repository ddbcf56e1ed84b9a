import type { Cooldown } from "./choices.ts";
import { type ScheduleSpec, withoutTail } from "./schedule.ts";
import { count } from "./show.ts";

/**
 * A schedule in a few words: "cosine to 10 %", "WSD, last 20 % 1−√ to 0", "piecewise through 3 points",
 * "cosine to 10 %, forked at 50 %, linear to 0".
 */
export function scheduleText(schedule: ScheduleSpec, steps: number): string {
	const { kind, floor, cooldown, cooldownSteps, points, tail } = schedule;
	if (tail) {
		const trunk = tail.of === steps ? "" : ` of ${count(tail.of)} steps`;
		const at = `forked at ${percent(tail.after / tail.of)}${trunk}`;
		return `${scheduleText(withoutTail(schedule), tail.of)}, ${at}, ${fallText(tail.cooldown, tail.floor)}`;
	}
	switch (kind) {
		case "constant":
			return "constant";
		case "inverse-sqrt":
			return floor === 0 ? "inverse square root" : `inverse square root, at least ${percent(floor)}`;
		case "wsd":
			return `WSD, last ${percent(cooldownSteps! / steps)} ${fallText(cooldown!, floor)}`;
		case "piecewise":
			return `piecewise through ${points!.length} points`;
		default:
			return `${kind} ${floorText(floor)}`;
	}
}

/** "1−√ to 10 %", "linear to 0". */
function fallText(cooldown: Cooldown, floor: number): string {
	return `${cooldown === "linear" ? "linear" : "1−√"} ${floorText(floor)}`;
}

function floorText(floor: number): string {
	return `to ${floor === 0 ? "0" : percent(floor)}`;
}

function percent(share: number): string {
	return `${Number((100 * share).toPrecision(3))} %`;
}
