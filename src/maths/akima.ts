/**
 * Akima's interpolation (Akima 1970, J. ACM 17, 589): a cubic between neighboring points whose slopes at the points are
 *
 *     tᵢ = (|mᵢ₊₁ − mᵢ| · mᵢ₋₁ + |mᵢ₋₁ − mᵢ₋₂| · mᵢ) / (|mᵢ₊₁ − mᵢ| + |mᵢ₋₁ − mᵢ₋₂|),   mᵢ = (yᵢ₊₁ − yᵢ) / (xᵢ₊₁ − xᵢ)
 *
 * (the mean of mᵢ₋₁ and mᵢ where both differences vanish), with two chord slopes extrapolated linearly beyond either end.
 * Each point affects the curve only locally, so one bad run does not distort a whole valley as it does with a parabola.
 */
export interface Akima {
	/** Strictly ascending. */
	x: ArrayLike<number>;
	y: ArrayLike<number>;
	/** Slope of the curve at each point. */
	slope: Float64Array;
}

/** Akima's curve through three or more points; x must be strictly ascending. */
export function akima(x: ArrayLike<number>, y: ArrayLike<number>): Akima {
	const n = x.length;
	// chord[i + 2] = mᵢ for i = −2 … n.
	const chord = new Float64Array(n + 3);
	for (let i = 0; i < n - 1; i++) chord[i + 2] = (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!);
	chord[1] = 2 * chord[2]! - chord[3]!;
	chord[0] = 2 * chord[1]! - chord[2]!;
	chord[n + 1] = 2 * chord[n]! - chord[n - 1]!;
	chord[n + 2] = 2 * chord[n + 1]! - chord[n]!;
	let largest = 0;
	for (let i = 0; i < n + 2; i++) largest = Math.max(largest, Math.abs(chord[i + 1]! - chord[i]!));
	const slope = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		const before = Math.abs(chord[i + 1]! - chord[i]!);
		const after = Math.abs(chord[i + 3]! - chord[i + 2]!);
		const left = chord[i + 1]!;
		const right = chord[i + 2]!;
		// Differences this small are rounding, and their ratio would be noise.
		slope[i] =
			before + after > 1e-9 * largest ? (after * left + before * right) / (before + after) : (left + right) / 2;
	}
	return { x, y, slope };
}

/** The curve's lowest value at `steps` evenly spaced positions from the first point to the last. */
export function akimaMinimum(curve: Akima, steps: number): { x: number; y: number; step: number } {
	const { x, y, slope } = curve;
	const last = x.length - 1;
	const width = (x[last]! - x[0]!) / (steps - 1);
	const best = { x: x[0]!, y: y[0]!, step: 0 };
	let s = 1;
	for (let i = 0; i < last; i++) {
		// The cubic of this interval, which holds all positions before the next point; the last holds the rest.
		const [x0, y0] = [x[i]!, y[i]!];
		const h = x[i + 1]! - x0;
		const chord = (y[i + 1]! - y0) / h;
		const square = (3 * chord - 2 * slope[i]! - slope[i + 1]!) / h;
		const cube = (slope[i]! + slope[i + 1]! - 2 * chord) / (h * h);
		const end = i === last - 1 ? Number.POSITIVE_INFINITY : x[i + 1]!;
		for (; s < steps; s++) {
			const at = s === steps - 1 ? x[last]! : x[0]! + s * width;
			if (at >= end) break;
			const d = at - x0;
			const value = y0 + d * (slope[i]! + d * (square + d * cube));
			if (value < best.y) {
				best.x = at;
				best.y = value;
				best.step = s;
			}
		}
	}
	return best;
}
