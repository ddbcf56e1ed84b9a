import { randomBits } from "./random.ts";

/** Enough rounds that neighboring places land apart even where a half has few bits. */
const ROUNDS = 8;

/**
 * Where place `index` goes in a random permutation of 0 … size − 1, computed alone: a Feistel network over the next even
 * number of bits (Luby & Rackoff 1988), walked again while it leaves the range (Black & Rogaway 2002).
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
