import { leastSquaresLine } from "../../maths/least-squares.ts";
import type { Grid } from "./envelope.ts";

/** How far curves are continued in ln C: seven times the compute. */
const REACH = 2;

/** Half-width of the smoothing window in ln C, and the stretch at the end of a curve that gives its slope. */
const HALF_WIDTH = 0.5;

/**
 * The curves that resamples shift: smoothed once more, and continued beyond their last data by a straight line in ln L
 * against ln C, as a power law would go on.
 *
 * Where two curves cross, their noise has moved the crossing already. A shifted curve should meet the other on a smooth
 * one, since the noise elsewhere along the curve has no part in that; the drawn shift stands for all of it. The
 * continuation shows where curves might cross, not where they do, so that estimates do not use it.
 */
export function resampleGrid({ logFlops, logLoss }: Grid): Grid {
	const n = logFlops.length;
	const step = (logFlops[n - 1]! - logFlops[0]!) / (n - 1);
	const more = step > 0 ? Math.round(REACH / step) : 0;
	const width = step > 0 ? Math.max(1, Math.round(HALF_WIDTH / step)) : 1;
	const wider = Float64Array.from({ length: n + more }, (_, g) => logFlops[g] ?? logFlops[n - 1]! + (g + 1 - n) * step);
	return {
		logFlops: wider,
		logLoss: logLoss.map((values) => {
			const begin = values.findIndex(Number.isFinite);
			const end = values.findLastIndex(Number.isFinite);
			const curve = new Float64Array(wider.length).fill(Number.POSITIVE_INFINITY);
			if (begin < 0) return curve;
			for (let g = begin; g <= end; g++) curve[g] = Number.isFinite(values[g]!) ? lineAt(values, g, width) : values[g]!;
			const last = range(Math.max(begin, end - width), end).filter((g) => Number.isFinite(values[g]!));
			const line = leastSquaresLine(
				last.map((g) => logFlops[g]!),
				last.map((g) => values[g]!),
			);
			if (line)
				for (let g = end + 1; g <= Math.min(end + more, wider.length - 1); g++)
					curve[g] = curve[end]! + line.slope * (wider[g]! - wider[end]!);
			return curve;
		}),
	};
}

/** A local line at a grid point, with triangular weights. */
function lineAt(values: Float64Array, at: number, width: number): number {
	let s0 = 0;
	let s1 = 0;
	let s2 = 0;
	let t0 = 0;
	let t1 = 0;
	for (let g = Math.max(0, at - width + 1); g < Math.min(values.length, at + width); g++) {
		const value = values[g]!;
		if (value === Number.POSITIVE_INFINITY) continue;
		const d = g - at;
		const w = width - Math.abs(d);
		s0 += w;
		s1 += w * d;
		s2 += w * d * d;
		t0 += w * value;
		t1 += w * d * value;
	}
	const determinant = s0 * s2 - s1 * s1;
	return determinant > 1e-12 * s0 * s2 ? (s2 * t0 - s1 * t1) / determinant : values[at]!;
}

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
