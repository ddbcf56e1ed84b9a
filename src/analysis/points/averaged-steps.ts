/** Largest distance of a step number from a whole number that rounding explains. */
const ROUNDING = 1e-6;

/**
 * The number of training steps that each point of a run's curve is the mean of. A point after the steps b + 1 … e lies at
 * the mean of their token counts, (b + 1 + e) / 2 steps, so each end follows from the one before:
 *
 *     e = 2 · tokens / tokensPerStep − b − 1,   b = 0 for the first point
 *
 * All but the last point of a curve average a constant share of their steps; the last averages what is left.
 *
 * @returns null if the points are not means of whole, successive steps from the first one on
 */
export function averagedSteps(tokens: readonly number[], tokensPerStep: number): number[] | null {
	const counts: number[] = [];
	let begin = 0;
	for (const at of tokens) {
		const end = (2 * at) / tokensPerStep - begin - 1;
		const whole = Math.round(end);
		if (!(Math.abs(end - whole) <= ROUNDING * Math.max(1, whole)) || whole <= begin) return null;
		counts.push(whole - begin);
		begin = whole;
	}
	return counts;
}
