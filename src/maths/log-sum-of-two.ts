/** As `logSumExp` of given terms: ln of a sum at point i, filling its gradient and the lower triangle of its Hessian. */
export type LogSum = (theta: Float64Array, i: number, gradient: Float64Array, hessian: Float64Array) => number;

/**
 * `logSumExp` of two power laws, with or without a constant, written out: the same operations in the same order, so the same
 * bits, in a third of the time. Fits of N and D spend most of theirs here. θ = (c₁, s₁, c₂, s₂, c₃, …), where c₃ is the
 * constant; parameters after those have derivatives 0.
 *
 * @param n length of θ
 */
export function logSumOfTwo(x1: Float64Array, x2: Float64Array, constant: boolean, n: number): LogSum {
	const used = constant ? 5 : 4;
	return (theta, i, gradient, hessian) => {
		const a = x1[i]!;
		const b = x2[i]!;
		const z1 = theta[0]! - theta[1]! * a;
		const z2 = theta[2]! - theta[3]! * b;
		const z3 = constant ? theta[4]! : Number.NEGATIVE_INFINITY;
		let greatest = z1 > z2 ? z1 : z2;
		if (z3 > greatest) greatest = z3;
		const e1 = z1 === greatest ? 1 : Math.exp(z1 - greatest);
		const e2 = z2 === greatest ? 1 : Math.exp(z2 - greatest);
		const e3 = !constant ? 0 : z3 === greatest ? 1 : Math.exp(z3 - greatest);
		const sum = constant ? e1 + e2 + e3 : e1 + e2;
		const p1 = e1 / sum;
		const p2 = e2 / sum;
		const d1 = -p1 * a;
		const d2 = -p2 * b;
		gradient[0] = p1;
		gradient[1] = d1;
		gradient[2] = p2;
		gradient[3] = d2;
		hessian[0] = -p1 * p1 + p1;
		hessian[n] = -d1 * p1 - p1 * a;
		hessian[n + 1] = -d1 * d1 + p1 * a * a;
		const row2 = 2 * n;
		hessian[row2] = -p2 * p1;
		hessian[row2 + 1] = -p2 * d1;
		hessian[row2 + 2] = -p2 * p2 + p2;
		const row3 = 3 * n;
		hessian[row3] = -d2 * p1;
		hessian[row3 + 1] = -d2 * d1;
		hessian[row3 + 2] = -d2 * p2 - p2 * b;
		hessian[row3 + 3] = -d2 * d2 + p2 * b * b;
		if (constant) {
			const p3 = e3 / sum;
			const row4 = 4 * n;
			gradient[4] = p3;
			hessian[row4] = -p3 * p1;
			hessian[row4 + 1] = -p3 * d1;
			hessian[row4 + 2] = -p3 * p2;
			hessian[row4 + 3] = -p3 * d2;
			hessian[row4 + 4] = -p3 * p3 + p3;
		}
		for (let j = used; j < n; j++) {
			gradient[j] = 0;
			for (let k = 0; k <= j; k++) hessian[j * n + k] = 0;
		}
		return greatest + Math.log(sum);
	};
}
