import { permuted } from "../maths/permutation.ts";
import { randomKey } from "../maths/random.ts";

/** The text is kept in stretches of this many contexts: few sequences run over the joint of two. */
const STRETCH_CONTEXTS = 16;

/**
 * `count` tokens of a stream, in its order: stretches of 16 contexts from all over it, chosen by the seed, so that they
 * resemble the whole. What fewer tokens choose, more of them choose too, but for the last stretch, which is cut.
 *
 * @throws RangeError when the stream is shorter
 */
export function uniqueTokens(
	stream: Uint16Array<ArrayBuffer>,
	count: number,
	seed: number,
	context: number,
): Uint16Array<ArrayBuffer> {
	if (count > stream.length)
		throw new RangeError(
			`uniqueTokens is ${count}; the corpus has ${stream.length} training tokens, it must have as many`,
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
