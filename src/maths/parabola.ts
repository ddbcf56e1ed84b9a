/**
 * A parabola by least squares,
 *
 *     y = y₀ + curvature · (x − x₀)²,
 *
 * computed as c₀ + c₁·P₁ + c₂·P₂ in polynomials that are orthogonal over the points, which needs no matrix inversion.
 */
export interface Parabola {
	/** x₀, the vertex; a minimum if `curvature` is positive. */
	x: number;
	/** y₀. */
	y: number;
	curvature: number;
	/** Root mean square of the residuals. */
	residual: number;
}

/** The least-squares parabola; null with fewer than three distinct x, or when the points lie on a line. */
export function fitParabola(x: readonly number[], y: readonly number[]): Parabola | null {
	const n = x.length;
	if (n < 3) return null;
	let mean = 0;
	let yMean = 0;
	for (let i = 0; i < n; i++) {
		mean += x[i]! / n;
		yMean += y[i]! / n;
	}
	// P₁ = x − mean, P₂ = P₁² − skew · P₁ − square.
	let square = 0;
	let cube = 0;
	for (let i = 0; i < n; i++) {
		const d = x[i]! - mean;
		square += (d * d) / n;
		cube += (d * d * d) / n;
	}
	if (!(square > 0)) return null;
	const skew = cube / square;
	let s1 = 0;
	let s2 = 0;
	let p2 = 0;
	for (let i = 0; i < n; i++) {
		const d = x[i]! - mean;
		const q = d * d - skew * d - square;
		s1 += d * (y[i]! - yMean);
		s2 += q * (y[i]! - yMean);
		p2 += q * q;
	}
	// With two distinct x the second polynomial vanishes, up to rounding.
	if (!(p2 > 1e-12 * n * square * square)) return null;
	const slope = s1 / (n * square);
	const curvature = s2 / p2;
	if (curvature === 0) return null;
	const d0 = (skew - slope / curvature) / 2;
	const y0 = yMean + slope * d0 + curvature * (d0 * d0 - skew * d0 - square);
	let squares = 0;
	for (let i = 0; i < n; i++) squares += (y[i]! - y0 - curvature * (x[i]! - mean - d0) ** 2) ** 2;
	const parabola = { x: mean + d0, y: y0, curvature, residual: Math.sqrt(squares / n) };
	return Object.values(parabola).every(Number.isFinite) ? parabola : null;
}
