/** The logarithm of one term in a sum of power laws: c − s·x with parameters c and s, or a constant c. */
export interface Term {
	/** x of each point, a centered logarithm; null for a constant. */
	x: Float64Array | null;
	/** Index of c in θ. The index of s is the next one. */
	index: number;
}

/**
 * u = ln Σₖ exp(zₖ),   zₖ = cₖ − sₖ·xₖ:
 *
 *     ∇u = Σ pₖ ∇zₖ,   ∇²u = Σ pₖ ∇zₖ ∇zₖᵀ − ∇u ∇uᵀ,   pₖ = exp(zₖ − u)
 *
 * Fills ∇u and the lower triangle of ∇²u (n × n) for point i; entries for parameters that no term uses are 0.
 */
export function logSumExp(
	terms: readonly Term[],
	theta: Float64Array,
	i: number,
	gradient: Float64Array,
	hessian: Float64Array,
): number {
	const n = gradient.length;
	gradient.fill(0);
	let greatest = Number.NEGATIVE_INFINITY;
	for (let k = 0; k < terms.length; k++) {
		const { x, index } = terms[k]!;
		const z = x === null ? theta[index]! : theta[index]! - theta[index + 1]! * x[i]!;
		gradient[index] = z;
		if (z > greatest) greatest = z;
	}
	let sum = 0;
	for (let k = 0; k < terms.length; k++) {
		const { index } = terms[k]!;
		const share = Math.exp(gradient[index]! - greatest);
		gradient[index] = share;
		sum += share;
	}
	for (let k = 0; k < terms.length; k++) {
		const { x, index } = terms[k]!;
		gradient[index]! /= sum;
		if (x !== null) gradient[index + 1] = -gradient[index]! * x[i]!;
	}
	for (let j = 0; j < n; j++) for (let k = 0; k <= j; k++) hessian[j * n + k] = -gradient[j]! * gradient[k]!;
	for (let k = 0; k < terms.length; k++) {
		const { x, index } = terms[k]!;
		const share = gradient[index]!;
		hessian[index * n + index]! += share;
		if (x === null) continue;
		hessian[(index + 1) * n + index]! -= share * x[i]!;
		hessian[(index + 1) * n + index + 1]! += share * x[i]! * x[i]!;
	}
	return greatest + Math.log(sum);
}
