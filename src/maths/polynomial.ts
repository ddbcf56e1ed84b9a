/**
 * Residuals of a least-squares polynomial, from polynomials orthogonal over the points (Forsythe 1957):
 *
 *     P₀ = 1,   Pₖ₊₁ = (x − aₖ)·Pₖ − bₖ·Pₖ₋₁,   aₖ = Σ x·Pₖ² / Σ Pₖ²,   bₖ = Σ Pₖ² / Σ Pₖ₋₁²
 *
 * Subtracts the projections onto them one at a time, so no matrix is needed. Needs more distinct x than the degree.
 */
export function polynomialResiduals(x: readonly number[], y: readonly number[], degree: number): number[] {
	const residuals = [...y];
	let before = x.map(() => 0);
	let current = x.map(() => 1);
	let normBefore = 1;
	for (let k = 0; k <= degree; k++) {
		const norm = dot(current, current);
		const coefficient = dot(residuals, current) / norm;
		for (let i = 0; i < x.length; i++) residuals[i]! -= coefficient * current[i]!;
		const a = x.reduce((sum, value, i) => sum + value * current[i]! ** 2, 0) / norm;
		const b = k > 0 ? norm / normBefore : 0;
		const next = x.map((value, i) => (value - a) * current[i]! - b * before[i]!);
		before = current;
		current = next;
		normBefore = norm;
	}
	return residuals;
}

function dot(p: readonly number[], q: readonly number[]): number {
	return p.reduce((sum, value, i) => sum + value * q[i]!, 0);
}
