/** Tokens and words are rounded up to a multiple of 4, so that they can be read four at a time. */
export function padded4(entries: number): number {
	return Math.ceil(entries / 4) * 4;
}
