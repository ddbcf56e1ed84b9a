/**
 * Whether powers are those of Node 20 and 22, to the last bit: the stored results and the findings were made there. Node 24
 * and 26 round some powers differently, and a resample of a bootstrap can then fall into another minimum, so that ends of
 * intervals move a little.
 */
export function hasTheirPowers(): boolean {
	let sum = 0;
	for (let i = 1; i < 1e5; i++) sum = (sum * 31 + (i ** 0.37 % 1) * 1e9) % 1e12;
	return sum === 778670712117.6484;
}

/** How far an end of an interval may move with other powers, as a share of it. */
export const ENDS_MOVE = 0.05;
