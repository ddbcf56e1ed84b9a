/** How far a guess was from the truth, in a sentence; nothing where there was no guess. */

/** A guess that is as near as this, as a share of the question's whole range, counts as right. */
const NEAR = 0.02;

/** For values on a linear slider of a range. */
export function byDifference(
	guess: number | null,
	truth: number,
	{
		range,
		format,
		words = ["high", "low"],
	}: { range: number; format: (value: number) => string; words?: readonly [above: string, below: string] },
): string {
	if (guess === null) return "";
	const off = Math.abs(guess - truth);
	if (off <= NEAR * range) return `Your guess of ${format(guess)} is right.`;
	return `Your guess of ${format(guess)} is ${format(off)} too ${guess > truth ? words[0] : words[1]}.`;
}

/** For values on a logarithmic slider; a guess within a factor `near` counts as right. */
export function byFactor(
	guess: number | null,
	truth: number,
	{ near, format }: { near: number; format: (value: number) => string },
): string {
	if (guess === null) return "";
	const factor = Math.max(guess / truth, truth / guess);
	if (factor <= near) return `Your guess of ${format(guess)} is right.`;
	const times = factor < 2 ? factor.toFixed(2) : factor < 10 ? factor.toFixed(1) : Math.round(factor);
	return `Your guess of ${format(guess)} is ${times} times too ${guess > truth ? "high" : "low"}.`;
}

/** Sentences of a verdict, without those that say nothing. */
export function sentences(...parts: readonly string[]): string {
	return parts.filter((part) => part !== "").join(" ");
}
