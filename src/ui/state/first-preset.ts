/** What the first screen may open with, from the smallest study to the largest. */
export const FIRST_PRESETS = ["smoke", "minute", "reconcile", "class"] as const;

/** The longest that the study of the first screen may take, seconds. */
export const FIRST_SECONDS = 100;

/**
 * The preset that the first screen opens with: the largest that takes about a minute at most, else the smallest.
 *
 * @param seconds estimated time of each preset; presets without one are taken to last too long
 */
export function firstPreset(seconds: Readonly<Partial<Record<(typeof FIRST_PRESETS)[number], number>>>): string {
	const short = FIRST_PRESETS.filter((id) => (seconds[id] ?? Number.POSITIVE_INFINITY) <= FIRST_SECONDS);
	return short.at(-1) ?? FIRST_PRESETS[0];
}
