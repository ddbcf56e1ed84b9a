/** At most `most` of the values, evenly spaced, in order. */
export function evenly<T>(values: readonly T[], most: number): T[] {
	if (values.length <= most) return [...values];
	return Array.from({ length: most }, (_, i) => values[Math.floor(((i + 0.5) * values.length) / most)]!);
}
