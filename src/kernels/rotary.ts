import { padded4 } from "../maths/padding.ts";

/** θ of Su et al. 2021 and Llama. */
const BASE = 10000;

/** The table `turns`, [headSize, tokens']: cosines, then sines, of each token's angles in sequences of `context` tokens. */
export function rotaryTable(headSize: number, tokens: number, context: number): Float32Array<ArrayBuffer> {
	const across = padded4(tokens);
	const table = new Float32Array(headSize * across);
	const half = headSize / 2;
	for (let d = 0; d < half; d++)
		for (let token = 0; token < tokens; token++) {
			const angle = (token % context) * BASE ** (-d / half);
			table[d * across + token] = Math.cos(angle);
			table[(d + half) * across + token] = Math.sin(angle);
		}
	return table;
}
