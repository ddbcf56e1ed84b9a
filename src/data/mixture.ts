/**
 * The part of a mixture that draw number `draw` comes from, and how many draws that part had before. Parts take turns in
 * proportion to their weights: after any number of draws each has had its share, but for less than one draw per part
 * before it. Nothing needs to be remembered from draw to draw.
 *
 * @param draw counted from 0
 * @param weights positive, of any sum
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
