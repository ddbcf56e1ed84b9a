/** Small symmetric matrices, stored in full, row-major. */

/**
 * Solves A·x = b by Cholesky factorization, restricted to the `free` rows; x is 0 in the others. Overwrites `factor`. Returns
 * false if A is not positive definite on the free rows.
 */
export function solvePositive(
	a: Float64Array,
	b: Float64Array,
	free: readonly number[],
	factor: Float64Array,
	x: Float64Array,
): boolean {
	const n = b.length;
	x.fill(0);
	for (const [i, row] of free.entries()) {
		for (let j = 0; j <= i; j++) {
			const column = free[j]!;
			let sum = a[row * n + column]!;
			for (let k = 0; k < j; k++) sum -= factor[row * n + free[k]!]! * factor[column * n + free[k]!]!;
			if (i > j) {
				factor[row * n + column] = sum / factor[column * n + column]!;
				continue;
			}
			// A pivot this small is only rounding error.
			if (!(sum > 1e-15 * a[row * n + row]!)) return false;
			factor[row * n + row] = Math.sqrt(sum);
		}
	}
	for (const [i, row] of free.entries()) {
		let sum = b[row]!;
		for (let k = 0; k < i; k++) sum -= factor[row * n + free[k]!]! * x[free[k]!]!;
		x[row] = sum / factor[row * n + row]!;
	}
	for (let i = free.length - 1; i >= 0; i--) {
		const row = free[i]!;
		let sum = x[row]!;
		for (let k = i + 1; k < free.length; k++) sum -= factor[free[k]! * n + row]! * x[free[k]!]!;
		x[row] = sum / factor[row * n + row]!;
	}
	return true;
}

/** Eigenvalues in no particular order, by Jacobi rotations (Golub & Van Loan, §8.5). */
export function symmetricEigenvalues(matrix: Float64Array, n: number): number[] {
	const a = matrix.slice();
	for (let sweep = 0; sweep < 60; sweep++) {
		let off = 0;
		for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p * n + q]! ** 2;
		if (!(off > 0)) break;
		for (let p = 1; p < n; p++) for (let q = 0; q < p; q++) rotate(a, n, p, q);
	}
	return Array.from({ length: n }, (_, i) => a[i * n + i]!);
}

function rotate(a: Float64Array, n: number, p: number, q: number): void {
	const apq = a[p * n + q]!;
	if (apq === 0) return;
	const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
	const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
	const c = 1 / Math.sqrt(t * t + 1);
	const s = t * c;
	for (let k = 0; k < n; k++) {
		const akp = a[k * n + p]!;
		const akq = a[k * n + q]!;
		a[k * n + p] = c * akp - s * akq;
		a[k * n + q] = s * akp + c * akq;
	}
	for (let k = 0; k < n; k++) {
		const apk = a[p * n + k]!;
		const aqk = a[q * n + k]!;
		a[p * n + k] = c * apk - s * aqk;
		a[q * n + k] = s * apk + c * aqk;
	}
}

/**
 * Ratio of the largest to the smallest eigenvalue of the given rows and columns of a matrix, scaled to a unit diagonal; null
 * unless positive definite, 1 without rows.
 */
export function conditionNumber(matrix: Float64Array, n: number, rows: readonly number[]): number | null {
	const m = rows.length;
	if (m === 0) return 1;
	const scaled = new Float64Array(m * m);
	for (const [i, p] of rows.entries())
		for (const [j, q] of rows.entries())
			scaled[i * m + j] = matrix[p * n + q]! / Math.sqrt(matrix[p * n + p]! * matrix[q * n + q]!);
	if (!scaled.every(Number.isFinite)) return null;
	const values = symmetricEigenvalues(scaled, m);
	const least = Math.min(...values);
	return least > 1e-14 * Math.max(...values) ? Math.max(...values) / least : null;
}
