/** Φ(z), the standard normal distribution function (Abramowitz & Stegun 26.2.17; error below 7.5e-8). */
export function normalShare(z: number): number {
	const t = 1 / (1 + 0.2316419 * Math.abs(z));
	const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
	const tail = (poly * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
	return z > 0 ? 1 - tail : tail;
}

/** Φ⁻¹(share) for a share in (0, 1), by bisection. */
export function normalQuantile(share: number): number {
	let low = -9;
	let high = 9;
	for (let i = 0; i < 60; i++) {
		const middle = (low + high) / 2;
		if (normalShare(middle) < share) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}
