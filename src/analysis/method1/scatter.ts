import { type Line, leastSquaresLine } from "../../maths/least-squares.ts";
import { type Crossing, type Grid, valueOnGrid } from "./envelope.ts";

/** Scatter of whole curves about the law, as a standard deviation in ln L of a size's curve. */
export interface Scatter {
	deviation: number;
	/** The same of a single run, of which a size's curve is the mean of several. */
	ofRun: number;
	/** Degrees of freedom of the estimate; few of them widen the interval. */
	freedom: number;
	/** What the scatter was measured from. */
	source: "crossings" | "seeds" | "crossings and seeds" | "noise";
}

/**
 * Scatter of sizes about the line ln N* = c + a · ln C through the crossings. Without scatter, two curves would have no
 * gap in ln L where the line predicts their crossing. With offsets δ of the curves, the gaps are e = (I − H) Δ δ, where Δ
 * takes differences of neighboring sizes and H is the line's hat matrix. Hence σ² = Σ e² / tr(Δᵀ (I − H) Δ).
 *
 * Null with fewer than three crossings, since a line passes through any two.
 */
export function scatterOfCrossings(
	grid: Grid,
	crossings: readonly Crossing[],
	logParameters: readonly number[],
	line: Line,
): { variance: number; freedom: number } | null {
	const n = crossings.length;
	if (n < 3 || !(line.slope > 0)) return null;
	const x = crossings.map((crossing) => crossing.logFlops);
	const middle = x.reduce((sum, value) => sum + value, 0) / n;
	const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
	let squares = 0;
	let trace = 0;
	for (let i = 0; i < n; i++) {
		const { smaller, larger } = crossings[i]!;
		const logN = (logParameters[smaller]! + logParameters[larger]!) / 2;
		squares += gapNear(grid, smaller, larger, (logN - line.intercept) / line.slope) ** 2;
		for (let j = 0; j < n; j++) {
			const hat = 1 / n + ((x[i]! - middle) * (x[j]! - middle)) / spread;
			trace += ((i === j ? 1 : 0) - hat) * sharedSizes(crossings[i]!, crossings[j]!);
		}
	}
	return { variance: squares / trace, freedom: n - 2 };
}

/** The least-squares line of ln N* on ln C through crossings. */
export function lineThrough(crossings: readonly Crossing[], logParameters: readonly number[]): Line | null {
	return leastSquaresLine(
		crossings.map((crossing) => crossing.logFlops),
		crossings.map(({ smaller, larger }) => (logParameters[smaller]! + logParameters[larger]!) / 2),
	);
}

/** (Δ Δᵀ)ᵢⱼ: 2 for a crossing with itself, −1 for neighbors that share a size, else 0. */
function sharedSizes(a: Crossing, b: Crossing): number {
	const same = (p: number, q: number) => (p === q ? 1 : 0);
	return same(a.smaller, b.smaller) + same(a.larger, b.larger) - same(a.smaller, b.larger) - same(a.larger, b.smaller);
}

/** ln L of the smaller size minus that of the larger, at ln C or at the nearest value where both have data. */
export function gapNear(grid: Grid, smaller: number, larger: number, logFlops: number): number {
	const a = grid.logLoss[smaller]!;
	const b = grid.logLoss[larger]!;
	const begin = Math.max(a.findIndex(Number.isFinite), b.findIndex(Number.isFinite));
	const end = Math.min(a.findLastIndex(Number.isFinite), b.findLastIndex(Number.isFinite));
	const x = Math.min(grid.logFlops[end]!, Math.max(grid.logFlops[begin]!, logFlops));
	return valueOnGrid(grid, a, x) - valueOnGrid(grid, b, x);
}

/** The seeds of a size's best recipe where it crosses another size: ln L of each. */
export interface CrossingSeeds {
	size: number;
	logLoss: number[];
}

/**
 * Scatter between seeds, from the recipes that are best at the crossings, where it counts: early in training it is several
 * times as large. The variance is that of a size's *mean* curve, averaged over crossings. Null if no size has several
 * seeds there.
 */
export function scatterOfSeeds(groups: readonly CrossingSeeds[]): { variance: number; freedom: number } | null {
	let sum = 0;
	let count = 0;
	const freedom = new Map<number, number>();
	for (const { size, logLoss } of groups) {
		const n = logLoss.length;
		if (n < 2) continue;
		const middle = logLoss.reduce((total, value) => total + value, 0) / n;
		sum += logLoss.reduce((total, value) => total + (value - middle) ** 2, 0) / (n - 1) / n;
		count++;
		// The crossings of a size with its smaller and its larger neighbor share seeds, so they count once.
		freedom.set(size, Math.max(freedom.get(size) ?? 0, n - 1));
	}
	const all = [...freedom.values()].reduce((total, value) => total + value, 0);
	return count > 0 ? { variance: sum / count, freedom: all } : null;
}

/**
 * Pools both estimates, weighted by degrees of freedom; at least the noise within the curves.
 *
 * @param runs how many runs a size's curve is the mean of
 */
export function pooledScatter(
	crossings: { variance: number; freedom: number } | null,
	seeds: { variance: number; freedom: number } | null,
	noise: number,
	runs = 1,
): Scatter {
	const parts = [crossings, seeds].filter((part) => part !== null);
	const freedom = parts.reduce((sum, part) => sum + part.freedom, 0);
	// The noise within curves says little about the scatter between them; one degree of freedom keeps the interval wide.
	if (freedom === 0) return { ...deviations(noise, runs), freedom: 1, source: "noise" };
	const variance = parts.reduce((sum, part) => sum + part.variance * part.freedom, 0) / freedom;
	const source = crossings && seeds ? "crossings and seeds" : crossings ? "crossings" : "seeds";
	return { ...deviations(Math.max(Math.sqrt(variance), noise), runs), freedom, source };
}

function deviations(deviation: number, runs: number) {
	return { deviation, ofRun: deviation * Math.sqrt(runs) };
}
