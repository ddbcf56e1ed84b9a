/**
 * Counter-based random numbers, value = hash(key, counter): without state, so any draw can be repeated on its own. Follows the
 * idea of Widynski's "Squares" in 32-bit arithmetic: the hash applies rounds of the lowbias32 mixer
 * (https://nullprogram.com/blog/2018/07/31/) to key and counter.
 */
function mix(x: number): number {
	x ^= x >>> 16;
	x = Math.imul(x, 0x7feb352d);
	x ^= x >>> 15;
	x = Math.imul(x, 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}

/** A 32-bit key from a seed and a path of names or numbers that identifies the use. */
export function randomKey(seed: number, ...path: (string | number)[]): number {
	let key = mix(seed ^ 0x9e3779b9);
	for (const part of path) {
		if (typeof part === "number") key = mix(key ^ mix(part + 0x85ebca6b));
		else for (let i = 0; i < part.length; i++) key = mix(key ^ mix(part.charCodeAt(i) + 0xc2b2ae35));
	}
	return key;
}

/** 32 random bits: draw number `counter` of `key`. */
export function randomBits(key: number, counter: number): number {
	return mix(mix(counter ^ key) + Math.imul(key, 0x9e3779b1));
}

/** Uniform in [0, 1). */
export function uniform(key: number, counter: number): number {
	return randomBits(key, counter) / 4294967296;
}

/** Standard normal, by the Box–Muller transform of draws 2·counter and 2·counter + 1. */
export function normal(key: number, counter: number): number {
	const radius = Math.sqrt(-2 * Math.log(1 - uniform(key, 2 * counter)));
	return radius * Math.cos(2 * Math.PI * uniform(key, 2 * counter + 1));
}
