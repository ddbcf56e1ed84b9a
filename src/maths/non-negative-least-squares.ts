/**
 * Starting points by variable projection (Golub & Pereyra 1973): with the exponents fixed, the loss is linear in the
 * remaining coefficients, and non-negative least squares gives the best ones:
 *
 *     min over c ≥ 0 of Σ ((Σₖ cₖ·φₖᵢ − Lᵢ) / Lᵢ)²
 *
 * Residuals are relative, as in all our objectives.
 *
 * @param columns φₖ at each point, at most four of them
 * @returns the coefficients; all 0 if the columns do not determine them
 */
export function nonNegativeLeastSquares(columns: readonly Float64Array[], loss: Float64Array): number[] {
	const m = columns.length;
	const products = columns.map((a) => columns.map((b) => dot(a, b, loss, 2)));
	const target = columns.map((a) => dot(a, a, loss, 0));
	let best: number[] = columns.map(() => 0);
	let most = 0;
	// Tries every subset of positive coefficients: at most 15 systems of at most four equations.
	for (let face = 1; face < 1 << m; face++) {
		const rows = columns.map((_, k) => k).filter((k) => face & (1 << k));
		const solution = solve(
			rows.map((j) => rows.map((k) => products[j]![k]!)),
			rows.map((j) => target[j]!),
		);
		if (!solution?.every((value) => value > 0)) continue;
		const explained = rows.reduce((sum, k, j) => sum + solution[j]! * target[k]!, 0);
		if (explained <= most) continue;
		most = explained;
		best = columns.map((_, k) => (rows.includes(k) ? solution[rows.indexOf(k)]! : 0));
	}
	return best;
}

/** Σ a·b/L² for power 2; Σ a/L for power 0. */
function dot(a: Float64Array, b: Float64Array, loss: Float64Array, power: 0 | 2): number {
	let sum = 0;
	for (let i = 0; i < loss.length; i++) sum += power === 2 ? (a[i]! * b[i]!) / (loss[i]! * loss[i]!) : a[i]! / loss[i]!;
	return sum;
}

/** Gaussian elimination with pivoting; null if singular. */
function solve(matrix: number[][], right: number[]): number[] | null {
	const n = right.length;
	for (let i = 0; i < n; i++) {
		let pivot = i;
		for (let j = i + 1; j < n; j++) if (Math.abs(matrix[j]![i]!) > Math.abs(matrix[pivot]![i]!)) pivot = j;
		[matrix[i], matrix[pivot]] = [matrix[pivot]!, matrix[i]!];
		[right[i], right[pivot]] = [right[pivot]!, right[i]!];
		const row = matrix[i]!;
		if (!(Math.abs(row[i]!) > 0)) return null;
		for (let j = i + 1; j < n; j++) {
			const factor = matrix[j]![i]! / row[i]!;
			for (let k = i; k < n; k++) matrix[j]![k]! -= factor * row[k]!;
			right[j]! -= factor * right[i]!;
		}
	}
	for (let i = n - 1; i >= 0; i--) {
		for (let k = i + 1; k < n; k++) right[i]! -= matrix[i]![k]! * right[k]!;
		right[i]! /= matrix[i]![i]!;
	}
	return right.every(Number.isFinite) ? right : null;
}
