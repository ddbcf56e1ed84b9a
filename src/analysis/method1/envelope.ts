import type { LogCurve } from "../points/log-curve.ts";

/**
 * The lower envelope of training curves (Hoffmann et al. 2022, section 3.1; Pearce & Song 2024, section 4):
 *
 *     L*(C) = min over sizes s of L_s(C),   N*(C) = the size that attains it,   C = 6·N·D
 *
 * on a log-spaced grid of compute, with every curve interpolated linearly in ln L against ln C.
 */
export interface Grid {
	/** ln C, ascending and evenly spaced. */
	logFlops: Float64Array;
	/** Per size: ln L on the grid; +∞ where the size has no data and therefore cannot be best. */
	logLoss: Float64Array[];
}

/** A point where the best size on the frontier changes to a larger one. */
export interface Crossing {
	/** Indices of the sizes below and above it. */
	smaller: number;
	larger: number;
	/** ln C and ln L where the curves meet. */
	logFlops: number;
	logLoss: number;
	/** False if no curves meet: the smaller size's data end, or the larger's begin, before the larger overtakes. */
	genuine: boolean;
}

/** The best size at each grid point, −1 outside the frontier, and the crossings between them. */
export interface Envelope {
	best: Int32Array;
	crossings: Crossing[];
}

/** The crossings at which two curves really meet. */
export function genuineCrossings({ crossings }: Envelope): Crossing[] {
	return crossings.filter((crossing) => crossing.genuine);
}

/** An evenly spaced grid of n values of ln C that spans all curves; `logCost` is ln (C / D) of a curve. */
export function computeGrid(curves: readonly { logCost: number; curve: LogCurve }[], n: number): Float64Array {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (const { logCost, curve } of curves) {
		low = Math.min(low, curve.logTokens[0]! + logCost);
		high = Math.max(high, curve.logTokens.at(-1)! + logCost);
	}
	return Float64Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}

/** A curve's ln L at each ln C of a grid; +∞ outside its data. */
export function curveOnGrid(curve: LogCurve, logCost: number, logFlops: Float64Array): Float64Array {
	const values = new Float64Array(logFlops.length).fill(Number.POSITIVE_INFINITY);
	const { logTokens, logLoss } = curve;
	const last = logTokens.length - 1;
	let i = 0;
	for (let g = 0; g < logFlops.length; g++) {
		const x = logFlops[g]! - logCost;
		// Tolerate rounding where the grid starts or ends exactly at this curve's end.
		if (x < logTokens[0]! - 1e-9 || x > logTokens[last]! + 1e-9) continue;
		while (i < last - 1 && logTokens[i + 1]! < x) i++;
		const next = Math.min(i + 1, last);
		const width = logTokens[next]! - logTokens[i]!;
		const t = width > 0 ? Math.min(1, Math.max(0, (x - logTokens[i]!) / width)) : 0;
		values[g] = logLoss[i]! + t * (logLoss[next]! - logLoss[i]!);
	}
	return values;
}

/** A curve's ln L between grid points, by linear interpolation; +∞ where it has no data. */
export function valueOnGrid({ logFlops }: Grid, values: Float64Array, x: number): number {
	const last = logFlops.length - 1;
	const position = ((x - logFlops[0]!) / (logFlops[last]! - logFlops[0]!)) * last;
	if (!(position > -1e-9 && position < last + 1e-9)) return Number.POSITIVE_INFINITY;
	const below = Math.min(last - 1, Math.max(0, Math.floor(position)));
	const t = position - below;
	// On a grid point, ignore the neighbor: it may have no data.
	if (t < 1e-9) return values[below]!;
	if (t > 1 - 1e-9) return values[below + 1]!;
	return values[below]! + t * (values[below + 1]! - values[below]!);
}

/** Index of the grid point nearest to x. */
export function gridPointAt({ logFlops }: Pick<Grid, "logFlops">, x: number): number {
	const last = logFlops.length - 1;
	const position = ((x - logFlops[0]!) / (logFlops[last]! - logFlops[0]!)) * last;
	return Math.min(last, Math.max(0, Math.round(position)));
}

/** Cost of choosing a size where it has no data; larger than any sum of differences of ln L. */
const NO_DATA = 1e6;

/**
 * The envelope under the constraint that the best size never decreases with compute. Without the constraint, noise makes
 * nearly equal curves alternate. Among all divisions of the grid into ascending sizes, this takes the one with the lowest
 * summed ln L (dynamic programming over sizes × grid points). It equals the pointwise minimum when that is ascending.
 *
 * It spans from the first data of the smallest size that is ever best to the last data of the largest such size.
 *
 * @param offsets added to each size's ln L; the bootstrap shifts whole curves with it
 */
export function envelope(grid: Grid, offsets?: ArrayLike<number>): Envelope {
	return envelopeOf(grid)(offsets);
}

/** `envelope` of the same grid with offsets after offsets, each in memory that the next one uses again. */
export function envelopeOf({ logFlops, logLoss }: Grid): (offsets?: ArrayLike<number>) => Envelope {
	const n = logFlops.length;
	const spans = logLoss.map(spanOf);
	const plain = new Float64Array(n);
	const winner = new Int32Array(n);
	const covered = new Int32Array(n);
	// least[g]: lowest summed excess over the pointwise minimum up to g, using only the sizes processed so far.
	// leader[g]: the size best at g in that solution. from[s · n + g]: the size best at g − 1 where s came to be best at g.
	const least = new Float64Array(n);
	const leader = new Int32Array(n);
	const from = new Int32Array(n * logLoss.length);
	for (const [s, values] of logLoss.entries())
		for (let g = spans[s]!.begin; g <= spans[s]!.end; g++) if (values[g]! < Number.POSITIVE_INFINITY) covered[g]!++;

	return (offsets) => {
		plain.fill(Number.POSITIVE_INFINITY);
		winner.fill(-1);
		for (const [s, values] of logLoss.entries()) {
			const offset = offsets?.[s] ?? 0;
			const { begin, end } = spans[s]!;
			for (let g = begin; g <= end; g++) {
				const value = values[g]! + offset;
				if (value < plain[g]!) {
					plain[g] = value;
					winner[g] = s;
				}
			}
		}
		// Only where several sizes have data does one of them win.
		let bottom = logLoss.length;
		let top = -1;
		for (let g = 0; g < n; g++)
			if (covered[g]! > 1 || (covered[g]! === 1 && logLoss.length === 1)) {
				bottom = Math.min(bottom, winner[g]!);
				top = Math.max(top, winner[g]!);
			}
		const best = new Int32Array(n).fill(-1);
		if (top < 0) return { best, crossings: [] };
		const { begin } = spans[bottom]!;
		const { end } = spans[top]!;
		least.fill(Number.POSITIVE_INFINITY);
		for (const [s, values] of logLoss.entries()) {
			const offset = offsets?.[s] ?? 0;
			const row = s * n;
			// From the second size on, least[g] is at most least[g − 1] + NO_DATA: a size without data before its first ones
			// lowers nothing, and after its last ones nothing once it has failed to.
			const first = s === 0 ? begin : Math.max(begin, spans[s]!.begin);
			const last = s === 0 ? end : spans[s]!.end;
			let before = first === begin ? 0 : least[first - 1]!;
			let previous = first === begin ? s : leader[first - 1]!;
			for (let g = first; g <= end; g++) {
				const excess = values[g]! + offset - plain[g]!;
				const cost = before + (excess < NO_DATA ? excess : NO_DATA);
				if (cost < least[g]!) {
					least[g] = cost;
					leader[g] = s;
					from[row + g] = previous;
				} else if (g > last) break;
				before = least[g]!;
				previous = leader[g]!;
			}
		}
		let size = leader[end]!;
		for (let g = end; g >= begin; g--) {
			if (logLoss[size]![g]! < Number.POSITIVE_INFINITY) best[g] = size;
			size = from[size * n + g]!;
		}
		const at = (s: number, g: number) => logLoss[s]![g]! + (offsets?.[s] ?? 0);
		return { best, crossings: crossings(logFlops, at, best) };
	};
}

/** The first and last grid point with data; an empty range without any. */
function spanOf(values: Float64Array): { begin: number; end: number } {
	const begin = values.findIndex(Number.isFinite);
	return begin < 0 ? { begin: 0, end: -1 } : { begin, end: values.findLastIndex(Number.isFinite) };
}

function crossings(logFlops: Float64Array, logLoss: (size: number, g: number) => number, best: Int32Array): Crossing[] {
	const found: Crossing[] = [];
	let before = -1;
	for (let g = 0; g < best.length; g++) {
		const larger = best[g]!;
		if (larger < 0) continue;
		if (before >= 0 && best[before] !== larger) {
			const smaller = best[before]!;
			// How far the winner leads on either side; infinite where the loser has no data.
			const lead = logLoss(larger, before) - logLoss(smaller, before);
			const lag = logLoss(smaller, g) - logLoss(larger, g);
			const genuine = g === before + 1 && lead < Number.POSITIVE_INFINITY && lag < Number.POSITIVE_INFINITY;
			const t = genuine && lead + lag > 0 ? Math.min(1, Math.max(0, lead / (lead + lag))) : 0.5;
			const end = logLoss(genuine ? smaller : larger, g);
			found.push({
				smaller,
				larger,
				logFlops: logFlops[before]! + t * (logFlops[g]! - logFlops[before]!),
				logLoss: logLoss(smaller, before) + t * (end - logLoss(smaller, before)),
				genuine,
			});
		}
		before = g;
	}
	return found;
}
