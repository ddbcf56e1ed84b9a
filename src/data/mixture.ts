/**
 * The part of a mixture that draw number `draw` comes from, and the number of earlier draws from that part. Parts take
 * turns in proportion to their weights: after any number of draws, the count of part k differs from its exact share by
 * less than one draw for each part up to k. Stateless.
 *
 * @param draw counted from 0
 * @param weights positive; they need not sum to 1
 */
export function partOfDraw(draw: number, weights: readonly number[]): { part: number; index: number } {
	let index = draw;
	let left = weights.reduce((sum, weight) => sum + weight, 0);
	for (let part = 0; part < weights.length - 1; part++) {
		const share = weights[part]! / left;
		const before = Math.floor(index * share);
		if (Math.floor((index + 1) * share) > before) return { part, index: before };
		index -= before;
		left -= weights[part]!;
	}
	return { part: weights.length - 1, index };
}
