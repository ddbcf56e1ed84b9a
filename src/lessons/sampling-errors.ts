import { normal, randomKey, uniform } from "../maths/random.ts";

/** Boxes along each side of the square; n = k⁴ observations are cut into √n = k² boxes. */
export const SIDES = [2, 3, 4, 5, 6, 7, 8] as const;

/** Repetitions behind each error. */
const MEANS = 24;
const SQUARES = 6;
/** Places along each side of the square at which the function is compared with its boxes' means. */
const PROBES = 24;

/** Observations n and the root mean square error of an estimate from them. */
export interface ErrorCurve {
	readonly n: readonly number[];
	readonly error: readonly number[];
}

const OBSERVATIONS = SIDES.map((side) => side ** 4);

/** The mean of n standard normal numbers; its error is 1/√n. */
export function meanErrors(seed: number): ErrorCurve {
	const squares = OBSERVATIONS.map(() => 0);
	for (let trial = 0; trial < MEANS; trial++) {
		const key = randomKey(seed, "mean", trial);
		let sum = 0;
		let drawn = 0;
		for (const [i, n] of OBSERVATIONS.entries()) {
			while (drawn < n) sum += normal(key, drawn++);
			squares[i]! += (sum / n) ** 2 / MEANS;
		}
	}
	return { n: OBSERVATIONS, error: squares.map(Math.sqrt) };
}

/** A landscape over the unit square. */
export function landscape(x: number, y: number): number {
	return 2 * Math.sin(2 * x) + 2 * Math.cos(2 * y);
}

/**
 * The landscape, seen with standard normal noise at n random places and averaged in √n boxes, whose sides n^−1/4 balance the blur of
 * large boxes against the scatter of small ones. An empty box takes the mean of all.
 */
export function boxErrors(seed: number): ErrorCurve {
	const error = SIDES.map((side, i) => {
		let squares = 0;
		for (let trial = 0; trial < SQUARES; trial++) squares += boxSquares(side, randomKey(seed, "boxes", i, trial));
		return Math.sqrt(squares / SQUARES);
	});
	return { n: OBSERVATIONS, error };
}

/** The heights at the probes, row by row along x. */
const HEIGHTS = Array.from({ length: PROBES ** 2 }, (_, at) =>
	landscape((Math.floor(at / PROBES) + 0.5) / PROBES, ((at % PROBES) + 0.5) / PROBES),
);

/** The mean squared error of one estimate over the square. */
function boxSquares(side: number, key: number): number {
	const places = randomKey(key, "places");
	const n = side ** 4;
	const sums = new Float64Array(side * side);
	const counts = new Float64Array(side * side);
	let total = 0;
	for (let i = 0; i < n; i++) {
		const [x, y] = [uniform(places, 2 * i), uniform(places, 2 * i + 1)];
		const seen = landscape(x, y) + normal(key, i);
		const box = Math.floor(x * side) * side + Math.floor(y * side);
		sums[box]! += seen;
		counts[box]!++;
		total += seen;
	}
	let squares = 0;
	for (let i = 0; i < PROBES; i++)
		for (let j = 0; j < PROBES; j++) {
			const box = Math.floor(((i + 0.5) / PROBES) * side) * side + Math.floor(((j + 0.5) / PROBES) * side);
			const estimate = counts[box]! > 0 ? sums[box]! / counts[box]! : total / n;
			squares += (estimate - HEIGHTS[i * PROBES + j]!) ** 2;
		}
	return squares / PROBES ** 2;
}
