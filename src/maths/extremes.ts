/** The least and the greatest value; infinite ones without any. Math.min(...values) overflows the stack with many values. */
export function extremes(values: Iterable<number>): { least: number; greatest: number } {
	let least = Number.POSITIVE_INFINITY;
	let greatest = Number.NEGATIVE_INFINITY;
	for (const value of values) {
		if (value < least) least = value;
		if (value > greatest) greatest = value;
	}
	return { least, greatest };
}
