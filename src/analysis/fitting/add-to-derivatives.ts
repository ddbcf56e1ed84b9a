import type { Derivatives } from "../../maths/minimize.ts";

/**
 * Adds one point's part to an objective's derivatives, of matrices the lower triangles:
 *
 *     g += first · s,   H += outer · s sᵀ + first · K,   M += reweighted · s sᵀ
 *
 * with the gradient s and the Hessian K of the law's prediction there.
 */
export type AddPoint = (
	slope: Float64Array,
	curvature: Float64Array,
	first: number,
	outer: number,
	reweighted: number,
	into: Derivatives,
) => void;

/** `AddPoint` for n parameters. Most laws of N and D have five; for those it is written out, which takes half the time. */
export function addTo(n: number): AddPoint {
	if (n === 5) return addFive;
	return (slope, curvature, first, outer, reweighted, { gradient, hessian, metric }) => {
		for (let j = 0; j < n; j++) {
			const sj = slope[j]!;
			gradient[j]! += first * sj;
			const row = j * n;
			for (let k = 0; k <= j; k++) {
				const product = sj * slope[k]!;
				hessian[row + k]! += outer * product + first * curvature[row + k]!;
				metric[row + k]! += reweighted * product;
			}
		}
	};
}

const addFive: AddPoint = (slope, curvature, first, outer, reweighted, { gradient, hessian, metric }) => {
	const s0 = slope[0]!;
	const s1 = slope[1]!;
	const s2 = slope[2]!;
	const s3 = slope[3]!;
	const s4 = slope[4]!;
	let product = 0;
	gradient[0]! += first * s0;
	product = s0 * s0;
	hessian[0]! += outer * product + first * curvature[0]!;
	metric[0]! += reweighted * product;
	gradient[1]! += first * s1;
	product = s1 * s0;
	hessian[5]! += outer * product + first * curvature[5]!;
	metric[5]! += reweighted * product;
	product = s1 * s1;
	hessian[6]! += outer * product + first * curvature[6]!;
	metric[6]! += reweighted * product;
	gradient[2]! += first * s2;
	product = s2 * s0;
	hessian[10]! += outer * product + first * curvature[10]!;
	metric[10]! += reweighted * product;
	product = s2 * s1;
	hessian[11]! += outer * product + first * curvature[11]!;
	metric[11]! += reweighted * product;
	product = s2 * s2;
	hessian[12]! += outer * product + first * curvature[12]!;
	metric[12]! += reweighted * product;
	gradient[3]! += first * s3;
	product = s3 * s0;
	hessian[15]! += outer * product + first * curvature[15]!;
	metric[15]! += reweighted * product;
	product = s3 * s1;
	hessian[16]! += outer * product + first * curvature[16]!;
	metric[16]! += reweighted * product;
	product = s3 * s2;
	hessian[17]! += outer * product + first * curvature[17]!;
	metric[17]! += reweighted * product;
	product = s3 * s3;
	hessian[18]! += outer * product + first * curvature[18]!;
	metric[18]! += reweighted * product;
	gradient[4]! += first * s4;
	product = s4 * s0;
	hessian[20]! += outer * product + first * curvature[20]!;
	metric[20]! += reweighted * product;
	product = s4 * s1;
	hessian[21]! += outer * product + first * curvature[21]!;
	metric[21]! += reweighted * product;
	product = s4 * s2;
	hessian[22]! += outer * product + first * curvature[22]!;
	metric[22]! += reweighted * product;
	product = s4 * s3;
	hessian[23]! += outer * product + first * curvature[23]!;
	metric[23]! += reweighted * product;
	product = s4 * s4;
	hessian[24]! += outer * product + first * curvature[24]!;
	metric[24]! += reweighted * product;
};
