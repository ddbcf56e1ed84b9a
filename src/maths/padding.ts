/** Rounds a count of tokens or vocabulary entries up to a multiple of 4, so that kernels can read four at a time. */
export function padded4(entries: number): number {
	return Math.ceil(entries / 4) * 4;
}
