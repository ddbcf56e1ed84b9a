import type { Numbers } from "./ops.ts";

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** The states of an LSTM layer at every token: its gates i, f, g and o after their functions [M,4C], c and h [M,C]. */
export interface LstmStates {
	gates: Float64Array;
	c: Float64Array;
	h: Float64Array;
}

/**
 * The recurrence of PyTorch's nn.LSTM in float64, token by token, from `inputs` = x·W_x + b: with zero states before each sequence
 * of `context` tokens, (i, f, g, o) = inputs[t] + h[t−1]·w, c[t] = σ(f)·c[t−1] + σ(i)·tanh(g), h[t] = σ(o)·tanh(c[t]).
 * inputs[M,4C], w[C,4C].
 */
export function lstm(inputs: Numbers, w: Numbers, width: number, context: number): LstmStates {
	const tokens = inputs.length / (4 * width);
	const gates = Float64Array.from(inputs);
	const [c, h] = [new Float64Array(tokens * width), new Float64Array(tokens * width)];
	for (let m = 0; m < tokens; m++) {
		const isFirst = m % context === 0;
		const row = gates.subarray(m * 4 * width, (m + 1) * 4 * width);
		if (!isFirst)
			for (let k = 0; k < width; k++)
				for (let n = 0; n < 4 * width; n++) row[n]! += h[(m - 1) * width + k]! * w[k * 4 * width + n]!;
		for (let k = 0; k < width; k++) {
			const i = logistic(row[k]!);
			const f = logistic(row[width + k]!);
			const g = Math.tanh(row[2 * width + k]!);
			const o = logistic(row[3 * width + k]!);
			const cell = i * g + (isFirst ? 0 : f * c[(m - 1) * width + k]!);
			c[m * width + k] = cell;
			h[m * width + k] = o * Math.tanh(cell);
			for (const [gate, value] of [i, f, g, o].entries()) row[gate * width + k] = value;
		}
	}
	return { gates, c, h };
}

/**
 * The gradients of `inputs` and w, from dh by way of all that reads h besides the recurrence itself: back through time, token by
 * token. dh[M,C] → dinputs[M,4C], dw[C,4C].
 */
export function lstmBackward(dh: Numbers, { gates, c, h }: LstmStates, w: Numbers, width: number, context: number) {
	const tokens = dh.length / width;
	const dinputs = new Float64Array(tokens * 4 * width);
	const dw = new Float64Array(width * 4 * width);
	let dcNext = new Float64Array(width);
	for (let m = tokens - 1; m >= 0; m--) {
		const isFirst = m % context === 0;
		const isLast = m % context === context - 1;
		const row = dinputs.subarray(m * 4 * width, (m + 1) * 4 * width);
		const next = dinputs.subarray((m + 1) * 4 * width, (m + 2) * 4 * width);
		const dc = new Float64Array(width);
		for (let k = 0; k < width; k++) {
			let d = dh[m * width + k]!;
			if (!isLast) for (let n = 0; n < 4 * width; n++) d += w[k * 4 * width + n]! * next[n]!;
			const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[(m * 4 + gate) * width + k]!) as [
				number,
				number,
				number,
				number,
			];
			const squashed = Math.tanh(c[m * width + k]!);
			const dcell = d * o * (1 - squashed ** 2) + (isLast ? 0 : dcNext[k]!);
			const before = isFirst ? 0 : c[(m - 1) * width + k]!;
			row[k] = dcell * g * i * (1 - i);
			row[width + k] = dcell * before * f * (1 - f);
			row[2 * width + k] = dcell * i * (1 - g ** 2);
			row[3 * width + k] = d * squashed * o * (1 - o);
			dc[k] = dcell * f;
		}
		dcNext = dc;
		if (!isFirst)
			for (let k = 0; k < width; k++)
				for (let n = 0; n < 4 * width; n++) dw[k * 4 * width + n]! += h[(m - 1) * width + k]! * row[n]!;
	}
	return { dinputs, dw };
}
