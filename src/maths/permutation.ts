import { randomBits } from "./random.ts";

/** Enough rounds to separate neighbors even when a half has few bits. */
const ROUNDS = 8;

/**
 * The image of `index` under a random permutation of 0 … size − 1, computed without the rest of the permutation: a Feistel
 * network on an even number of bits (Luby & Rackoff 1988), applied again while the result is out of range (Black & Rogaway
 * 2002).
 *
 * @param index 0 … size − 1
 * @param size 1 … 2^32
 */
export function permuted(key: number, index: number, size: number): number {
	const halfBits = Math.max(1, Math.ceil(Math.log2(size) / 2));
	const half = 2 ** halfBits;
	let place = index;
	do {
		let left = Math.floor(place / half);
		let right = place % half;
		for (let round = 0; round < ROUNDS; round++) {
			const mixed = (left ^ (randomBits(key, right * ROUNDS + round) >>> (32 - halfBits))) >>> 0;
			left = right;
			right = mixed;
		}
		place = left * half + right;
	} while (place >= size);
	return place;
}
