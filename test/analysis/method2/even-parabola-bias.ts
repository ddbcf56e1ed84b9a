/**
 * `parabolaBias` of sizes spread evenly over u from c − w to c + w. The least-squares parabola has its minimum at
 *
 *     u₀ = c + (w/5) · [p·i₁(αw) − q·i₁(βw)] / [p·i₂(αw) + q·i₂(βw)],   p = e^(−αc) / α,   q = e^(βc) / β,
 *
 * i₁ and i₂ being the modified spherical Bessel functions of the first kind (the Legendre coefficients of e^(sx)).
 *
 * @param halfWidth w: natural log of the factor from the middle of the sizes to their ends
 * @param center c: natural log of the middle of the sizes over N*
 * @returns u₀: natural log of the parabola's N* over the true one
 */
export function evenParabolaBias(alpha: number, beta: number, halfWidth: number, center = 0): number {
	const p = Math.exp(-alpha * center) / alpha;
	const q = Math.exp(beta * center) / beta;
	const slope = p * bessel1(alpha * halfWidth) - q * bessel1(beta * halfWidth);
	const curvature = p * bessel2(alpha * halfWidth) + q * bessel2(beta * halfWidth);
	return center + ((halfWidth / 5) * slope) / curvature;
}

/** i₁(x) = (x·cosh x − sinh x) / x², by its series where that would cancel. */
function bessel1(x: number): number {
	if (x < 0.3) return (x / 3) * (1 + x ** 2 / 10 + x ** 4 / 280 + x ** 6 / 15120);
	return (x * Math.cosh(x) - Math.sinh(x)) / x ** 2;
}

/** i₂(x) = ((x² + 3)·sinh x − 3x·cosh x) / x³, by its series where that would cancel. */
function bessel2(x: number): number {
	if (x < 0.3) return (x ** 2 / 15) * (1 + x ** 2 / 14 + x ** 4 / 504 + x ** 6 / 33264);
	return ((x ** 2 + 3) * Math.sinh(x) - 3 * x * Math.cosh(x)) / x ** 3;
}
