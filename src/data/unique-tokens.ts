import { permuted } from "../maths/permutation.ts";
import { randomKey } from "../maths/random.ts";

/** Tokens are kept in stretches of this many contexts, so that few sequences span two stretches. */
const STRETCH_CONTEXTS = 16;

/**
 * A subset of `count` tokens of a stream, in order: stretches of 16 contexts from random places, chosen by the seed. A
 * larger subset contains a smaller one, except that the last stretch of the smaller one is truncated.
 *
 * @throws RangeError when the stream has fewer tokens
 */
export function uniqueTokens(
	stream: Uint16Array<ArrayBuffer>,
	count: number,
	seed: number,
	context: number,
): Uint16Array<ArrayBuffer> {
	if (count > stream.length)
		throw new RangeError(
			`uniqueTokens is ${count}; it must be at most ${stream.length}, the training tokens of the corpus`,
		);
	if (count === stream.length) return stream;
	const length = STRETCH_CONTEXTS * context;
	const stretches = Math.ceil(stream.length / length);
	const key = randomKey(seed, "unique tokens");
	const chosen: { start: number; end: number }[] = [];
	let left = count;
	for (let i = 0; left > 0; i++) {
		const start = permuted(key, i, stretches) * length;
		const end = Math.min(start + length, start + left, stream.length);
		chosen.push({ start, end });
		left -= end - start;
	}
	chosen.sort((a, b) => a.start - b.start);
	const tokens = new Uint16Array(count);
	let offset = 0;
	for (const { start, end } of chosen) {
		tokens.set(stream.subarray(start, end), offset);
		offset += end - start;
	}
	return tokens;
}
