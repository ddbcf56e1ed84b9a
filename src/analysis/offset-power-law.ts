/**
 * A falling power law with an offset, by least squares:
 *
 *     L = E + k · C^−γ,   E ≥ 0,   k ≥ 0,   0.002 ≤ γ ≤ 2
 *
 * by variable projection (Golub & Pereyra 1973): for a given γ the best E and k are those of a straight line in C^−γ,
 * so the only search is over γ. It scans the whole range of γ on a fine grid and refines around the best, so that no
 * local minimum can hide a better one.
 */
export interface OffsetPowerLaw {
	offset: number;
	coefficient: number;
	exponent: number;
	/** Root mean square of the residuals in ln L. */
	residual: number;
	/** Parameters that ended on a bound, and so are not determined by the points. */
	atBound: ("E" | "γ")[];
}

const LOWEST = 0.002;
const HIGHEST = 2;
const SCAN = 64;

/** The exponents of the scan, evenly spaced in logs. */
const scan = Array.from({ length: SCAN }, (_, j) => LOWEST * (HIGHEST / LOWEST) ** (j / (SCAN - 1)));

/**
 * Prepares fits on one grid of compute: the scan's powers are computed once, for the many refits of a bootstrap.
 *
 * @param logFlops ln C of the grid, evenly spaced
 * @returns fit(points, loss, tolerance): `points` are ascending indices into the grid, `loss` the losses there,
 * `tolerance` the relative precision of γ; null with fewer than four points
 */
export function offsetPowerLawFitter(
	logFlops: ArrayLike<number>,
): (points: readonly number[], loss: readonly number[], tolerance: number) => OffsetPowerLaw | null {
	const n = logFlops.length;
	// Powers of C relative to the middle of the grid stay near 1.
	const centre = n > 0 ? (logFlops[0]! + logFlops[n - 1]!) / 2 : 0;
	const step = n > 1 ? (logFlops[n - 1]! - logFlops[0]!) / (n - 1) : 0;
	const power = (exponent: number, values: Float64Array) => {
		const ratio = Math.exp(-exponent * step);
		values[0] = Math.exp(-exponent * (logFlops[0]! - centre));
		for (let g = 1; g < n; g++) values[g] = values[g - 1]! * ratio;
		return values;
	};
	const powers = scan.map((exponent) => power(exponent, new Float64Array(n)));
	const own = new Float64Array(n);
	return (points, loss, tolerance) => {
		if (points.length < 4) return null;
		const atExponent = (exponent: number) => projected(power(exponent, own), points, loss);
		let best = 0;
		let least = Number.POSITIVE_INFINITY;
		for (let j = 0; j < SCAN; j++) {
			const { squares } = projected(powers[j]!, points, loss);
			if (squares < least) {
				least = squares;
				best = j;
			}
		}
		const low = scan[Math.max(0, best - 1)]!;
		const high = scan[Math.min(SCAN - 1, best + 1)]!;
		const exponent = goldenSection((g) => atExponent(g).squares, low, high, tolerance);
		const { offset, slope } = atExponent(exponent);
		const coefficient = slope * Math.exp(exponent * centre);
		if (!Number.isFinite(coefficient)) return null;
		let squares = 0;
		for (let i = 0; i < points.length; i++)
			squares += (Math.log(loss[i]!) - Math.log(offset + slope * own[points[i]!]!)) ** 2;
		const atBound: OffsetPowerLaw["atBound"] = [];
		if (offset === 0) atBound.push("E");
		if (exponent < LOWEST * 1.01 || exponent > HIGHEST / 1.01) atBound.push("γ");
		return { offset, coefficient, exponent, residual: Math.sqrt(squares / points.length), atBound };
	};
}

/** The best E ≥ 0 and slope ≥ 0 of loss = E + slope · power, and the sum of squared residuals. */
function projected(power: Float64Array, points: readonly number[], loss: readonly number[]) {
	const n = points.length;
	let p1 = 0;
	let l1 = 0;
	for (let i = 0; i < n; i++) {
		p1 += power[points[i]!]!;
		l1 += loss[i]!;
	}
	const pMean = p1 / n;
	const lMean = l1 / n;
	let pp = 0;
	let pl = 0;
	let ll = 0;
	for (let i = 0; i < n; i++) {
		const p = power[points[i]!]! - pMean;
		const l = loss[i]! - lMean;
		pp += p * p;
		pl += p * l;
		ll += l * l;
	}
	const slope = pl / pp;
	const offset = lMean - slope * pMean;
	if (!(slope > 0)) return { offset: lMean, slope: 0, squares: ll };
	if (offset >= 0) return { offset, slope, squares: Math.max(0, ll - slope * pl) };
	// On the bound E = 0: loss = slope · power.
	const through = (pl + n * pMean * lMean) / (pp + n * pMean * pMean);
	const squares = ll + n * lMean * lMean - through * (pl + n * pMean * lMean);
	return { offset: 0, slope: through, squares: Math.max(0, squares) };
}

/** The minimum of a function with one minimum in [low, high] (Kiefer 1953). */
function goldenSection(f: (x: number) => number, low: number, high: number, tolerance: number): number {
	const ratio = (Math.sqrt(5) - 1) / 2;
	let a = low;
	let b = high;
	let x1 = b - ratio * (b - a);
	let x2 = a + ratio * (b - a);
	let f1 = f(x1);
	let f2 = f(x2);
	while (b - a > tolerance * b) {
		if (f1 <= f2) {
			b = x2;
			x2 = x1;
			f2 = f1;
			x1 = b - ratio * (b - a);
			f1 = f(x1);
		} else {
			a = x1;
			x1 = x2;
			f1 = f2;
			x2 = a + ratio * (b - a);
			f2 = f(x2);
		}
	}
	return (a + b) / 2;
}
